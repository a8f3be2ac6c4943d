import { runInNewContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { decode, encode } from '@jridgewell/sourcemap-codec'
import { expect, test } from 'vitest'
import { orderFunctions } from '../../tools/order-functions.mjs'

/** Many functions, every other one like its next but one. */
const functions = Array.from({ length: 40 }, (_, i) => {
  const words = i % 2 ? 'alpha beta gamma delta' : 'one two three four five six'
  return `function f${i}(a){return a+${i}+"${words
    .split(' ')
    .reverse()
    .join(`-${i % 5}-`)}".length}`
})
const code = `;(function(){'use strict';let sum=0;${functions.join('')}for(let f of [f0,f7,f39])sum+=f(1);return sum})()`
const result = (script: string) => runInNewContext(script.replace(/^;/, ''))

test('the script does the same, is of the same parts, and is smaller when packed', () => {
  const ordered = orderFunctions(code, '', 500).code
  expect(ordered).not.toBe(code)
  expect(result(ordered)).toBe(result(code))
  expect(ordered.startsWith(`;(function(){'use strict';`)).toBe(true)
  for (const text of functions) expect(ordered).toContain(text)
  expect(gzipSync(ordered, { level: 9 }).length).toBeLessThan(gzipSync(code, { level: 9 }).length)
})

test('the same script gets the same order', () => {
  expect(orderFunctions(code, '', 100)).toEqual(orderFunctions(code, '', 100))
})

test('its source map still says where everything comes from', () => {
  // Every function comes from a line of its own.
  const columns = functions.map(text => code.indexOf(text))
  const mappings = encode([columns.map((column, line): [number, number, number, number] => [column, 0, line, 0])])
  const ordered = orderFunctions(code, mappings, 500)
  const [segments = []] = decode(ordered.mappings)
  expect(segments).toHaveLength(functions.length)
  for (const [column, , line] of segments) expect(ordered.code.startsWith(functions[line!]!, column)).toBe(true)
  expect(segments.map(([column]) => column)).toEqual(segments.map(([column]) => column).sort((a, b) => a - b))
})

test('a statement that ends without a semicolon stays apart from what comes to stand behind it', () => {
  const bare = ';(()=>{var a={b:1}})()'
  expect(result(orderFunctions(bare, '', 10).code)).toBe(undefined)
})

test('so does a branch without braces at the end', () => {
  const bare = ';(function(){function a(){return 1}var x=2;function b(){x=3}if(x)b()})()'
  for (let steps = 0; steps < 20; steps++) expect(() => result(orderFunctions(bare, '', steps).code)).not.toThrow()
})

test('two functions of one name are refused, for the later one wins', () => {
  expect(() => orderFunctions('(function(){function a(){}function a(){}})()', '', 1)).toThrow('one name')
})
