import { settingsToQuery } from './core/settings.ts'
import { loadLateScript } from './page/late-script.ts'
import { isSwitchedOff, sessionMemory } from './page/off.ts'
import { createOutrigger, type Outrigger } from './page/outrigger.ts'
import { registerPlainly } from './page/register-plainly.ts'
import { settingsHere } from './page/settings-here.ts'
import { readTag } from './page/tag.ts'

declare global {
  interface Window {
    /** What the script tag made; the same as `register` gives. */
    outrigger?: Outrigger
  }
}

/** `outrigger.js`: does at once what its `data-` attributes say. A second inclusion does nothing. */
function start(script: HTMLScriptElement): Outrigger {
  const tag = readTag(script.dataset)
  const base = document.baseURI
  const settings = settingsHere(tag.settings, base)
  const worker = new URL(tag.worker, base)
  for (const [name, value] of settingsToQuery(settings)) worker.searchParams.append(name, value)
  const { outrigger } = createOutrigger({
    settings,
    register: registerPlainly,
    worker,
    scope: new URL(tag.scope ?? './', tag.scope ? base : worker),
    problems: tag.problems.map(message => ({ code: 'option', message })),
    off: isSwitchedOff(location.search, sessionMemory()),
    late: () => loadLateScript(script.src),
    covers: true,
  })
  return outrigger
}

const script = document.currentScript
// An element with the id `outrigger` has that name on `window` too.
const there = typeof window.outrigger?.subscribe === 'function'
if (there) {
  // Included twice.
} else if (script instanceof HTMLScriptElement) window.outrigger = start(script)
else
  console.error('Outrigger: outrigger.js is for a classic script tag; in a module import { register } from "outrigger"')
