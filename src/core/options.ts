/** Every number the rules use. All times in milliseconds, shares 0–1; a list's `defaults` may override any of them. */
export interface Tuning {
  /** A try without headers for this long starts a look at the servers. */
  lookAfterMs: number
  /** … or for this many times the median of its kind, if longer; a race starts at this many times the 90th percentile. */
  lookFactor: number
  /** Upper limit of both for a look, which costs no more than two probes. `Infinity`: none. */
  attemptTimeoutMs: number
  /** Samples of a kind of request below which `lookFactor` is not used. */
  samplesNeeded: number
  /** Looks after the first come 2, 4, 8 s later, then at this distance. */
  lookEveryMs: number
  /** How long another server's probe may take. */
  probeTimeoutMs: number
  /** How long the asked server's own probe may take, at least. */
  ownProbeMs: number
  /** … or this many times the other server's probe, if longer. */
  ownProbeFactor: number
  /** Unanswered probes of other servers after which one look gives up. */
  probesPerLook: number
  /** A good probe's result is shared by all requests for this long, another's for `probeTimeoutMs`. */
  probeSharedMs: number
  /** Age at which a read may be raced by another server. */
  overtakeAfterMs: number
  /** A race is clearly won when the winner took at most this share of the loser's age. */
  raceShare: number
  /** Races clearly lost after which a server is ejected as slow. */
  racesToEject: number
  /** A read ends in error, a write is given up, after total silence of this length. */
  silenceMs: number
  /** A server heard from within this time needs no probe before a write or the next try of one, nor along with a read. */
  heardWithinMs: number
  /** How long a write waits for any server that answers a probe. */
  writeWaitMs: number
  /** Reads stay on the server of this client's last write for this long. */
  afterWriteMs: number
  /** Most retry tokens a client holds, and how many it starts with. */
  tokensMax: number
  tokensAtStart: number
  /** Tokens that a good answer earns, besides what its request has paid; any other end earns a twentieth of it. */
  tokensPerSuccess: number
  /** Tokens that a move costs, after a fast network error and otherwise: a whole one is enough for two. */
  fastRetryCost: number
  retryCost: number
  /** How long a failed read without a token waits for the verdict on its server. */
  verdictMs: number
  /** Requests rescued at once, and how many more each good answer lets through. */
  rescueAtOnce: number
  rescuePerAnswer: number
  /** First ejection time, doubled each time up to the maximum, times 0.5–1.5 at random. */
  ejectMs: number
  ejectMaxMs: number
  /** Clean time after which one doubling is forgiven. */
  forgiveAfterMs: number
  /** Between the two good probes of a returning server, times 1–2 at random. */
  returnGapMs: number
  /** A server errs when this many of its last `errorWindow` answers were bettered by another server. */
  errorsToEject: number
  errorWindow: number
  /** Answers of at most this size are held until whole, so that they can be asked again unseen. */
  holdBytes: number
  /** JSON, XML and HTML of unknown length are held for this long, and twice `overtakeAfterMs` more if no byte comes; others for `holdOtherMs`. */
  holdMs: number
  holdOtherMs: number
  /** A held body without a byte for this long starts a look at once; one of a single packet, if it is not whole by then. */
  stallMs: number
  /** Requests that one HTTP/1.1 origin takes at a time. */
  connections: number
}

/** Where the numbers come from: DESIGN 4.3; for times of ejection and tokens SCIENCE sections 0 and 2. */
export const defaults: Tuning = {
  lookAfterMs: 600,
  lookFactor: 3,
  attemptTimeoutMs: 2_000,
  samplesNeeded: 20,
  lookEveryMs: 10_000,
  probeTimeoutMs: 300,
  ownProbeMs: 150,
  ownProbeFactor: 3,
  probesPerLook: 2,
  probeSharedMs: 1_000,
  overtakeAfterMs: 2_000,
  raceShare: 1 / 3,
  racesToEject: 2,
  silenceMs: 10_000,
  heardWithinMs: 5_000,
  writeWaitMs: 5_000,
  afterWriteMs: 10_000,
  tokensMax: 3,
  tokensAtStart: 2,
  tokensPerSuccess: 0.1,
  fastRetryCost: 0.25,
  retryCost: 1,
  verdictMs: 1_000,
  rescueAtOnce: 8,
  rescuePerAnswer: 2,
  ejectMs: 30_000,
  ejectMaxMs: 900_000,
  forgiveAfterMs: 600_000,
  returnGapMs: 10_000,
  errorsToEject: 2,
  errorWindow: 20,
  holdBytes: 256 * 1024,
  holdMs: 1_000,
  holdOtherMs: 50,
  stallMs: 1_000,
  connections: 6,
}

/** What `createFailover` in the core takes. */
export interface CoreOptions {
  /** The page's own origin: no CORS stands between it and that server. `undefined` where there is no CORS at all. */
  own?: string
  /** Path asked by HEAD to see whether a server lives, when the list names no `probe`. Default `/`. */
  apiPath?: string
  /** False: no read is ever raced. Default true. */
  overtake?: boolean
  tuning?: Partial<Tuning>
}
