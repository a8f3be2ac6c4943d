import htmx from 'htmx.org'
import { pageWith } from '../htmx-page.js'

export const { read, write } = pageWith(htmx)
