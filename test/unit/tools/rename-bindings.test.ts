import { runInNewContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { renameBindings } from '../../tools/rename-bindings.mjs'

const packed = (code: string) => gzipSync(code, { level: 9 }).length
const result = (code: string) => runInNewContext(code)

/** The same function under many names, each with names of its own. */
const alike = Array.from({ length: 20 }, (_, i) => {
  const [a, b, c] = [...'abcdefghijklmnopqrstuvwxyz'].slice(i, i + 3)
  return `function f${i % 10}${i > 9 ? 'x' : 'y'}(${a},${b}){let ${c}=${a}*${b};return ${c}>${i}?${a}+${c}:${b}-${c}}`
})
const code = `(function(){${alike.join('')}return f0y(3,4)+f9x(5,6)})()`

test('the script does the same, is as long, and is smaller when packed', () => {
  const renamed = renameBindings(code, 5_000)
  expect(result(renamed)).toBe(result(code))
  expect(renamed).toHaveLength(code.length)
  expect(packed(renamed)).toBeLessThan(packed(code))
})

test('the same script gets the same names', () => {
  expect(renameBindings(code, 1_000)).toBe(renameBindings(code, 1_000))
})

test('what other scripts and the platform know keeps its name, and nothing hides it', () => {
  const script = `var k=1;(function(a){function b(c){return Math.max(c,a,k)+e}return b(2)})(3)`
  for (let steps = 0; steps < 300; steps += 7) {
    expect(runInNewContext(renameBindings(script, steps), { e: 10 })).toBe(13)
  }
})

test('a function declared in a block does not write over a variable of the function around it', () => {
  const script = `(function(){var a=1,b=2;{function c(){return 4}b+=c()}return a*100+b})()`
  for (let steps = 0; steps < 300; steps += 7) expect(result(renameBindings(script, steps))).toBe(106)
})

test.each([
  [
    'a class keeps its name, which stands for two',
    `(function(){class a{static m(){return new a}}let b=a.m();return b instanceof a})()`,
  ],
  [
    'so does what a catch clause and a var share',
    `(function(){var a=1,b=2;try{throw 5}catch(a){var a=7;b+=a}return a*10+b})()`,
  ],
  ['and a script without short names', `(function(){let one=1;return one})()`],
])('%s', (_, script) => {
  for (let steps = 0; steps < 300; steps += 7) expect(result(renameBindings(script, steps))).toEqual(result(script))
})

test('a function of a block that may be called behind it is refused', () => {
  expect(() => renameBindings(`(function(){{function c(){return 4}}return c()})()`, 1)).toThrow('"c" may be a function')
})

test('text that is not ASCII stays where it stands', () => {
  const script = `(function(a){let b='… “ñ” 🚣 '+a;return b+b})('…')`
  expect(result(renameBindings(script, 500))).toBe(result(script))
})

/** Functions in functions that read and write what is around them, with names that hide each other. */
const body: fc.Memo<string> = fc.memo(depth => {
  const name = fc.constantFrom('a', 'b', 'c', 'd')
  const step = fc.tuple(name, name, fc.integer({ max: 9, min: 1 })).map(([to, from, n]) => `${to}=${from}*${n}%97;`)
  if (depth <= 1) return fc.array(step, { maxLength: 4 }).map(steps => steps.join(''))
  const inner = body(depth - 1)
  return fc
    .array(
      fc.oneof(
        step,
        fc.tuple(name, inner).map(([own, steps]) => `{let ${own}=7;${steps}out+=${own};}`),
        fc.tuple(name, name, inner).map(([own, given, steps]) => `(function(${own}){${steps}out+=${own};})(${given});`),
        fc.tuple(name, inner).map(([own, steps]) => `try{throw 5}catch(${own}){${steps}out+=${own};}`),
        fc.tuple(name, inner).map(([own, steps]) => `for(let ${own} of [1,2]){${steps}out+=${own};}`),
        fc.tuple(name, name).map(([own, key]) => `{let {${own}}={${own}:3},o={${key}};out+=${own}+o.${key};}`),
      ),
      { maxLength: 4 },
    )
    .map(steps => steps.join(''))
})

test('whatever hides whatever, the script does the same', () => {
  fc.assert(
    fc.property(body(4), fc.integer({ min: 1, max: 400 }), (steps, exchanges) => {
      const script = `(function(){let a=1,b=2,c=3,d=4,out=0;${steps}return out*1e4+a+b+c+d})()`
      expect(result(renameBindings(script, exchanges))).toBe(result(script))
    }),
    { numRuns: 60 },
  )
})
