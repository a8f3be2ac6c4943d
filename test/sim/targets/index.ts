import type { Target } from '../target.ts'
import { A12, A17, A28 } from './errors.ts'
import { A20 } from './one-client.ts'
import { A9, A16, A26 } from './one-down.ts'
import { A14, A15, A25 } from './overload.ts'
import { A29 } from './rescue.ts'

/**
 * By the numbers of the project's list of acceptance targets; those that are missing are not simulated yet. What is
 * different there: A14 begins at 200 clients and has no static probe beside it, A15 has two crowds, A25 ends at 20,000
 * clients; A17 runs with every rule on; A20 asks at random, so that the second without a network may hold no request of a
 * rare client; A26's slow server loses no strength; A29's crowd is under load, and not each client at once. A28 asks for
 * `--seeds 20`.
 */
export const targets: readonly Target[] = [A9, A12, A14, A15, A16, A17, A20, A25, A26, A28, A29]
