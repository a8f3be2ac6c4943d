import { fidelity } from '../../support/fidelity/fidelity.ts'
import { answers } from './answers.cases.ts'

/** What a page can tell of a request that it makes by `fetch`. */
fidelity('by fetch', [...answers])
