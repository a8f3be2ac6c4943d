import type { Target } from '../target.ts'
import { A12, A17, A28 } from './errors.ts'
import { A20 } from './one-client.ts'
import { A9, A16, A26 } from './one-down.ts'
import { A14, A15, A25 } from './overload.ts'
import { A29 } from './rescue.ts'

/** By the numbers of the project's list of acceptance targets; those that are missing are not simulated yet. */
export const targets: readonly Target[] = [A9, A12, A14, A15, A16, A17, A20, A25, A26, A28, A29]
