import type { Hold, Outgoing, Sending } from '../ports.ts'
import type { Answer, Peer } from '../types.ts'
import type { Run } from './run.ts'
import { addSample, isOverdue, lookAfter } from './samples.ts'
import type { Place } from './world.ts'

/** How long an answer that passes unheld counts as still open where nobody tells us of its end. */
const STREAM_MS = 30_000

/** One try at one server. */
export interface Attempt {
  readonly peer: Peer
  readonly stamp: number
  readonly sentAt: number
  /** Sent while another try of the same request was still open. */
  readonly race: boolean
  /** Its headers came and its body is being held back. */
  holding: boolean
  /** Nobody answered for a while: it may have been lost on the way. */
  astray?: boolean
  /** Servers that were silent when it was looked after, though its own was not. */
  silent?: readonly Peer[]
  /** A held body gave no byte for a while. */
  stalled: boolean
  ended: boolean
  answer?: Answer
  /** Since it got onto the wire, in milliseconds. */
  age(): number
  /** Looks made because of it. */
  looks: number
  /** Its headers are all that is wanted of it for now. */
  done(): void
  /** Its answer will not be used: what is still coming of it is called off. */
  discard(): void
  /** Ends it, if it has not ended. A loser's age is a sample: its answer would have taken longer. */
  abort(lost?: boolean): void
}

/** What a request does about its tries. */
export interface AttemptEvents {
  /** It is about to go out; a transport may answer before it has. */
  sent(attempt: Attempt): void
  /** Says how much of the body to hold; the try ends here if nothing is. */
  headers(attempt: Attempt, answer: Answer): Hold | undefined
  held(attempt: Attempt): void
  failed(attempt: Attempt, reason: string): void
  /** It has been silent for too long: time for a look. */
  overdue(attempt: Attempt): void
}

/** @param race another try of the same request is still open */
export function sendAttempt(
  { world, kind }: Pick<Run, 'world' | 'kind'>,
  outgoing: Outgoing,
  peer: Peer,
  race: boolean,
  on: AttemptEvents,
): void {
  const { clock, tuning } = world
  let sending: Sending | undefined
  let callOffLook: (() => void) | undefined
  let progressAt = 0
  let aborted = false

  const place: Place = {
    leavesRoom: () => world.transport.apart(outgoing) || (!place.streams && isOverdue(kind, attempt.age(), tuning)),
    started() {
      callOffLook?.()
      callOffLook = clock.after(lookAfter(kind, tuning), () => !attempt.ended && on.overdue(attempt))
    },
  }
  const attempt: Attempt = {
    peer,
    race,
    stamp: world.witness.stamp(),
    sentAt: clock.now(),
    holding: false,
    stalled: false,
    ended: false,
    looks: 0,
    done: () => end(),
    discard: () => sending?.abort(),
    age: () => (place.startedAt === undefined ? 0 : clock.now() - place.startedAt),
    abort(lost = false) {
      if (attempt.ended) return
      if (lost && !attempt.holding) addSample(kind, attempt.age())
      aborted = true
      end()
      sending?.abort()
    },
  }

  function end(streams = false): void {
    if (attempt.ended) return
    attempt.ended = true
    callOffLook?.()
    const close = () => world.slots.close(peer.origin, place)
    if (!streams || world.transport.apart(outgoing)) return close()
    place.streams = true
    clock.after(STREAM_MS, close)
    world.transport.whenOver(outgoing, close)
  }

  function failed(reason: string): void {
    if (attempt.ended) return
    end()
    on.failed(attempt, reason)
  }

  function watchStall(): void {
    const due = progressAt + tuning.stallMs - clock.now()
    callOffLook = clock.after(due, () => {
      if (attempt.ended) return
      if (clock.now() - progressAt < tuning.stallMs) return watchStall()
      attempt.stalled = true
      on.overdue(attempt)
    })
  }

  on.sent(attempt)
  world.slots.open(peer.origin, place)
  // Behind requests that never end it would never be looked after.
  if (place.startedAt === undefined)
    callOffLook = clock.after(tuning.silenceMs, () => attempt.ended || world.slots.start(place))
  sending = world.transport.send(outgoing, {
    headers(answer) {
      if (attempt.ended) return undefined
      callOffLook?.()
      attempt.answer = answer
      world.heard(peer, attempt.stamp, answer)
      if (answer.status < 500 && place.startedAt !== undefined && !attempt.astray) addSample(kind, attempt.age())
      // It was on the wire while we still held it to be queueing: its turn, when it comes, starts no look.
      place.startedAt ??= clock.now()
      const hold = on.headers(attempt, answer)
      if (hold && !attempt.ended) {
        attempt.holding = true
        progressAt = clock.now()
        watchStall()
      } else {
        // Its body goes on for a while after its headers, or is over at once.
        end(!(answer.lengthBytes! <= tuning.holdBytes))
      }
      return hold
    },
    progress() {
      progressAt = clock.now()
      if (attempt.stalled) watchStall()
      attempt.stalled = false
    },
    held() {
      if (attempt.ended) return
      end()
      on.held(attempt)
    },
    broken: failed,
    failed,
  })
  // A transport may answer before it returns.
  if (aborted) sending.abort()
}
