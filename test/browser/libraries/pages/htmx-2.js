import htmx from 'htmx2'
import { pageWith } from '../htmx-page.js'

export const { read, write } = pageWith(htmx)
