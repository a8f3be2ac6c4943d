import { type Lane, urlOf } from './lane.ts'

/**
 * The page's `EventSource`, which is the engine's own. When its stream ends or does not come, the worker is told to
 * look at its server: if that is dead, the engine's next try, some seconds later, is answered by another one.
 */
export function wrapEventSource(Native: typeof EventSource, lane: Lane): typeof EventSource {
  const Wrapped = new Proxy(Native, {
    construct(target, args, made) {
      const source: EventSource = Reflect.construct(target, args, made)
      const url = urlOf(args[0], lane.base())
      source.addEventListener('error', () => {
        if (url && lane.way(url) === 'worker') void lane.ask({ outrigger: 'look', url: url.href })
      })
      return source
    },
  })
  Native.prototype.constructor = Wrapped
  return Wrapped
}
