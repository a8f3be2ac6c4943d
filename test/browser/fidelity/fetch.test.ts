import { fidelity } from '../../support/fidelity/fidelity.ts'
import { answers } from './answers.cases.ts'
import { conditions } from './conditions.cases.ts'
import { redirects } from './redirects.cases.ts'
import { requests } from './requests.cases.ts'
import { streams } from './streams.cases.ts'

/** What a page can tell of a request that it makes by `fetch`. */
fidelity('by fetch', [...answers, ...requests, ...redirects, ...conditions, ...streams])
