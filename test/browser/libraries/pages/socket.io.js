import { io } from 'socket.io-client'

const socket = io({ transports: ['polling'] })

/** Asks until the socket is back: what was on its way when the connection broke is lost, as `socket.io` says. */
export async function read(n, triesLeft = 14) {
  try {
    const { id, server } = await socket.timeout(8_000).emitWithAck('order', n)
    return { n: id, server }
  } catch (error) {
    if (!triesLeft) throw error
    return read(n, triesLeft - 1)
  }
}
