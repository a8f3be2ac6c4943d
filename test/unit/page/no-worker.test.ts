import { expect, test } from 'vitest'
import { explainForeign, explainOrigin, explainOutside } from '../../../src/page/no-worker.ts'

const page = { origin: 'https://a.example', pathname: '/shop/cart' }
const worker = new URL('https://a.example/static/outrigger-sw.js?servers=%2Fs.json')
const scope = new URL('https://a.example/static/')
const elsewhere = (url: URL) => new URL(url.pathname + url.search, 'https://cdn.example')

test('a worker on another host is named, with the file to copy to the page’s own', () => {
  const text = explainOrigin(elsewhere(worker), elsewhere(scope), page)
  expect(text).toContain('the worker https://cdn.example/static/outrigger-sw.js is on another origin than the page')
  expect(text).toContain('Copy node_modules/outrigger/dist/outrigger-sw.js to https://a.example/outrigger-sw.js')
})

test('a scope on another origin is named, not the worker', () => {
  const text = explainOrigin(worker, elsewhere(scope), page)
  expect(text).toContain('the scope https://cdn.example/static/ is on another origin than the page')
  expect(text).toContain('Name a path there with data-scope, or leave it out')
  expect(text).not.toContain('outrigger-sw.js')
})

test('of worker and scope on the page’s origin nothing is said', () => {
  expect(explainOrigin(worker, scope, page)).toBeUndefined()
})

test('a page outside of the scope is told where it is and what to do', () => {
  const text = explainOutside(scope, page)
  expect(text).toContain("this page, /shop/cart, is outside of the worker's scope, /static/.")
  expect(text).toContain('to the root of the site (data-worker="/outrigger-sw.js")')
})

test('a foreign worker gets the line to add', () => {
  const text = explainForeign('https://a.example/sw.js?v=3', worker, scope.href)
  expect(text).toContain("importScripts('/static/outrigger-sw.js?servers=%2Fs.json')")
  expect(text).toContain('data-worker="/sw.js"')
})
