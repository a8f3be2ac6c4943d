import { expect, test } from 'vitest'
import { explainWorkerFile } from '../../../src/page/worker-file.ts'

const worker = new URL('https://a.example/static/outrigger-sw.js?servers=%2Fs.json')
const scope = new URL('https://a.example/static/')
const right = { status: 200, type: 'text/javascript; charset=utf-8', allowed: null }

test.each([
  ['nothing answers', worker, scope, { ...right, status: undefined }, 'its server does not answer'],
  ['404', worker, scope, { ...right, status: 404 }, 'no worker at https://a.example/static/outrigger-sw.js (HTTP 404)'],
  ['a web page', worker, scope, { ...right, type: 'text/html' }, 'served as "text/html", not as JavaScript'],
  ['no type', worker, scope, { ...right, type: '' }, 'served as "no type"'],
  ['scope', worker, new URL('/', scope), right, 'may not serve the scope /, only /static/'],
  [
    'a scope without a slash',
    worker,
    new URL('/app', scope),
    right,
    'outrigger-sw.js to /outrigger-sw.js and name that',
  ],
])('%s is explained, with the file to copy', (_, file, where, found, words) => {
  const text = explainWorkerFile(file, where, found)
  expect(text).toContain(words)
  if (found.status !== undefined) expect(text).toContain('node_modules/outrigger/dist/outrigger-sw.js')
})

test('a right file is not to blame', () => {
  expect(explainWorkerFile(worker, scope, right)).toBeUndefined()
  expect(explainWorkerFile(worker, new URL('/', scope), { ...right, allowed: '/' })).toBeUndefined()
})
