import { expect, test } from 'vitest'
import { diagnose } from '../../../../src/core/health/diagnosis.ts'
import type { State } from '../../../../src/core/types.ts'

const rows: [answered: boolean, online: boolean | undefined, witnesses: number, silent: number, state: State][] = [
  [true, true, 0, 0, 'server-down'],
  [true, false, 0, 0, 'server-down'],
  [true, undefined, 2, 2, 'server-down'],
  [false, false, 0, 0, 'network-down'],
  [false, false, 2, 1, 'network-down'],
  [false, true, 0, 0, 'unknown'],
  [false, undefined, 0, 0, 'unknown'],
  [false, true, 2, 2, 'network-down'],
  [false, undefined, 1, 1, 'network-down'],
  [false, true, 2, 1, 'server-down'],
  [false, undefined, 1, 0, 'server-down'],
]

test.each(rows)(
  'answered %s, online %s, of %i witnesses %i silent: %s',
  (answered, online, witnesses, silent, state) => {
    expect(diagnose(answered, online, witnesses, silent)).toBe(state)
  },
)
