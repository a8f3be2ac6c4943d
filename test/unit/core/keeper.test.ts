import { expect, test } from 'vitest'
import { createKeeper, type KeeperOptions, listAgeMs, type SavedList } from '../../../src/core/keeper.ts'
import type { ServerList } from '../../../src/core/types.ts'

const own = 'https://www.example.com'
const home = `${own}/servers.json`
const elsewhere = 'https://b.example.com/servers.json'
const text = (name: string, more: object = {}) =>
  JSON.stringify({ servers: [`https://${name}.example.com`], sources: [elsewhere], ...more })

/** A keeper over scripted answers: a text, a status, or an error. */
function scripted(answers: Record<string, string | number | Error>, options: Partial<KeeperOptions> = {}) {
  const asked: string[] = []
  const used: string[] = []
  const saves: SavedList[] = []
  const heard: [string, number][] = []
  const problems = new Map<string, string[]>()
  const time = { now: 1_000_000 }
  const keeper = createKeeper(
    { servers: '/servers.json', base: `${own}/app/`, own, secure: true, allow: ['https://*.example.com'], ...options },
    {
      clock: { now: () => time.now },
      random: () => 0,
      async fetchText(url) {
        asked.push(url)
        const answer = answers[url]
        if (answer === undefined || answer instanceof Error) throw answer ?? new Error('could not be reached')
        return typeof answer === 'number' ? { text: '', status: answer, url } : { text: answer, status: 200, url }
      },
      use: (list: ServerList) => used.push(list.servers[0]!.url),
      problem: (code, message) =>
        message ? problems.set(code, [...(problems.get(code) ?? []), message]) : problems.delete(code),
      save: saved => saves.push(saved),
      heard: (url, _, status) => heard.push([url, status]),
    },
  )
  return { keeper, answers, asked, used, saves, heard, problems, time }
}

test('the list is fetched, used, kept and told of', async () => {
  const { keeper, used, saves, problems, heard } = scripted({ [home]: text('a', { version: 7 }) })
  expect(keeper.current()).toBeUndefined()
  expect(keeper.status()).toBeUndefined()
  await keeper.refresh()
  expect(used).toEqual(['https://a.example.com/'])
  expect(saves).toEqual([{ text: text('a', { version: 7 }), source: home, at: 1_000_000 }])
  expect(keeper.status()).toEqual({ source: home, version: 7, at: 1_000_000, servers: 1 })
  expect(problems.size).toBe(0)
  expect(heard).toEqual([[home, 200]])
})

test('nothing is fetched beside the first requests: that is for whoever knows what was remembered', () => {
  const { keeper, asked } = scripted({})
  keeper.refreshIfOld()
  expect(asked).toEqual([])
})

test('inline servers need no fetch', async () => {
  const { keeper, used, asked } = scripted({}, { servers: ['https://a.example.com', 'https://b.example.com'] })
  await keeper.refresh()
  keeper.refreshIfOld()
  expect([used, asked]).toEqual([['https://a.example.com/'], []])
  expect(keeper.status()).toMatchObject({ source: 'inline', servers: 2 })
})

test('inline servers and list URLs that cannot be used are refused at once', () => {
  expect(() => scripted({}, { servers: ['http://a.example.com'] })).toThrow('option "servers" at servers[0].url')
  expect(() => scripted({}, { servers: 'http://' })).toThrow('option "servers" must be the URL of a server list')
})

test('a list saved in an earlier life is used at once, a fresher one after it', async () => {
  const { keeper, used, time } = scripted({ [home]: text('b') })
  keeper.restore({ text: text('a'), source: home, at: 5 })
  expect([used, keeper.status()!.at]).toEqual([['https://a.example.com/'], 5])
  time.now += 1
  await keeper.refresh()
  expect(used).toEqual(['https://a.example.com/', 'https://b.example.com/'])
  expect(keeper.status()!.at).toBe(1_000_001)
})

test.each([undefined, null, 7, {}, { text: 'x', source: home, at: 1 }, { text: text('a'), source: 'x', at: 1 }, []])(
  'of a damaged memory nothing is used: %j',
  saved => {
    const { keeper, used } = scripted({})
    keeper.restore(saved)
    expect(used).toEqual([])
  },
)

test('a saved list does not replace one that is there', async () => {
  const { keeper, used } = scripted({ [home]: text('b') })
  await keeper.refresh()
  keeper.restore({ text: text('a'), source: home, at: 5 })
  expect(used).toEqual(['https://b.example.com/'])
})

test.each<[string, string | number | Error, string]>([
  ['unreachable', new Error('could not be reached'), `${home}: could not be reached`],
  ['missing', 404, `${home}: answered 404; put the file there or name its URL`],
  ['empty', '', `${home}: must be JSON`],
  ['a web page', '<html>', `${home}: must be JSON`],
  ['with a bad URL', '["a"]', `${home} at servers[0].url: must be an absolute URL`],
  [
    'insecure',
    '["http://a.example.com"]',
    `${home} at servers[0].url: must be an absolute URL that begins with https://`,
  ],
])('a list that is %s is told of and the last good one stays', async (_, answer, message) => {
  const { keeper, answers, used, problems } = scripted({ [home]: text('a') })
  await keeper.refresh()
  answers[home] = answer
  await keeper.refresh()
  expect(used).toEqual(['https://a.example.com/'])
  expect(problems.get('list')![0]).toContain(message)
  expect(problems.get('list')![0]).toContain(`The list from ${home} is in use`)
  answers[home] = text('a')
  await keeper.refresh()
  expect(problems.has('list')).toBe(false)
})

test('without any list it says what follows', async () => {
  const { keeper, problems } = scripted({})
  await keeper.refresh()
  expect(problems.get('list')).toEqual([
    `Outrigger: server list ${home}: could not be reached. Until then no other server is asked.`,
  ])
})

test('warnings are told of', async () => {
  const { keeper, problems } = scripted({ [home]: text('a', { color: 1, expires: '1970-01-01T00:00:00Z' }) })
  await keeper.refresh()
  expect(problems.get('list-warning')).toEqual([
    expect.stringContaining('color: is unknown'),
    expect.stringContaining('has expired'),
  ])
})

test('sources are asked in turn when the own origin gives nothing to use', async () => {
  const second = 'https://c.example.com/servers.json'
  const { keeper, answers, asked, used, problems } = scripted({
    [home]: text('a', { version: 1, sources: [elsewhere, second] }),
  })
  await keeper.refresh()
  asked.length = 0
  Object.assign(answers, { [home]: 500, [second]: text('d', { version: 2 }) })
  await keeper.refresh()
  expect(asked).toEqual([home, elsewhere, second])
  expect(used).toEqual(['https://a.example.com/', 'https://d.example.com/'])
  expect(keeper.status()!.source).toBe(second)
  expect(problems.get('list')).toHaveLength(2)
})

test.each([
  ['higher', { version: 8 }, true],
  ['the same', { version: 7 }, false],
  ['lower', { version: 6 }, false],
  ['no', {}, false],
])("a source with %s version against the own origin's 7: taken is %s", async (_, version, taken) => {
  const { keeper, answers, used } = scripted({ [home]: text('a', { version: 7 }) })
  await keeper.refresh()
  Object.assign(answers, { [home]: 500, [elsewhere]: text('b', version) })
  await keeper.refresh()
  expect(used.length).toBe(taken ? 2 : 1)
})

test.each([
  ['lower', { version: 7 }, false],
  ['the same', { version: 8 }, true],
  ['no', {}, true],
])("the own origin with %s version against a source's 8: taken is %s", async (_, version, taken) => {
  const { keeper, answers, used } = scripted({ [home]: text('a', { version: 7 }) })
  await keeper.refresh()
  Object.assign(answers, { [home]: 500, [elsewhere]: text('b', { version: 8 }) })
  await keeper.refresh()
  answers[home] = text('c', version)
  await keeper.refresh()
  expect(used.at(-1)).toBe(taken ? 'https://c.example.com/' : 'https://b.example.com/')
})

test('a list from elsewhere may name only what is allowed, and our own origin', async () => {
  const { keeper, answers, used, problems } = scripted({ [home]: text('a', { version: 1 }) }, { allow: [] })
  await keeper.refresh()
  Object.assign(answers, { [home]: 500, [elsewhere]: text('evil', { version: 2 }) })
  await keeper.refresh()
  expect(problems.get('list')![1]).toContain(
    `${elsewhere} at servers[0]: must be of your own origin, or fit "allow"; it is "https://evil.example.com/"`,
  )
  answers[elsewhere] = JSON.stringify({ version: 2, servers: [own] })
  await keeper.refresh()
  expect(used).toEqual(['https://a.example.com/', `${own}/`])
})

test('where an answer came from in the end decides, not what was asked', async () => {
  const keeper = createKeeper(
    { servers: home, own, secure: true },
    {
      clock: { now: () => 0 },
      random: () => 0,
      fetchText: async () => ({ text: text('a'), status: 200, url: 'https://evil.example/x' }),
      use: () => {},
      problem: () => {},
    },
  )
  await keeper.refresh()
  expect(keeper.current()).toBeUndefined()
})

test('one fetch at a time', async () => {
  const { keeper, asked } = scripted({ [home]: text('a') })
  await Promise.all([keeper.refresh(), keeper.refresh()])
  expect(asked).toEqual([home])
})

test('a list is fetched again when it is old, after failures sooner', async () => {
  const { keeper, answers, asked, time } = scripted({ [home]: text('a', { sources: [] }) })
  const at = async (ms: number) => {
    time.now = 1_000_000 + ms
    keeper.refreshIfOld()
    await keeper.refresh.call(undefined)
  }
  const later = (ms: number) => {
    time.now = 1_000_000 + ms
    asked.length = 0
    keeper.refreshIfOld()
    return asked.length
  }
  await at(0)
  expect(later(listAgeMs - 1)).toBe(0)
  answers[home] = 500
  expect(later(listAgeMs)).toBe(1)
  await keeper.refresh()
  expect(later(listAgeMs + 4_999)).toBe(0)
  expect(later(listAgeMs + 5_000)).toBe(1)
  await keeper.refresh()
  expect(later(listAgeMs + 5_000 + 9_999)).toBe(0)
  expect(later(listAgeMs + 5_000 + 10_000)).toBe(1)
})
