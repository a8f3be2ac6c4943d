import { connect, type Socket } from 'node:net'

/** A connection that is not made within this time met a full queue; loopback needs less than one millisecond. */
const unansweredMs = 150

/**
 * Fills the listen queue of a stopped server by connections that nobody accepts, until
 * one more is not answered any more.
 *
 * @returns a function that lets the connections go.
 */
export async function fillQueue(host: string, port: number): Promise<() => void> {
  const held: Socket[] = []
  for (;;) {
    const socket = await tryConnect(host, port)
    if (!socket) break
    held.push(socket)
    if (held.length > 1_024) throw new Error(`the queue of port ${port} does not fill up`)
  }
  return () => {
    for (const socket of held) socket.destroy()
  }
}

function tryConnect(host: string, port: number): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port })
    const timer = setTimeout(() => {
      socket.destroy()
      resolve(undefined)
    }, unansweredMs)
    socket.on('connect', () => {
      clearTimeout(timer)
      resolve(socket)
    })
    socket.on('error', error => {
      clearTimeout(timer)
      reject(error)
    })
  })
}
