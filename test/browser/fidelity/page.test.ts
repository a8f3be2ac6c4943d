import { fidelity } from '../../support/fidelity/fidelity.ts'
import { elements } from './elements.cases.ts'
import { uploads } from './uploads.cases.ts'
import { xhr } from './xhr.cases.ts'

/** What a page can tell of what it asks for otherwise than by `fetch`. */
fidelity('by XMLHttpRequest and elements', [...xhr, ...uploads, ...elements])
