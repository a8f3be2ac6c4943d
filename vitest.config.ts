import { defineConfig } from 'vitest/config'

const pages = 'test/browser/**/*.test.ts'
const timed = 'test/browser/timed/**/*.test.ts'
const browser = { globalSetup: 'test/support/browser-setup.ts', testTimeout: 60_000, hookTimeout: 60_000 }

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/*.test.ts', 'test/unit/**/*.test.ts', 'test/sim/**/*.test.ts'],
          // Thousands of random cases, on a machine that may be busy with others.
          testTimeout: 30_000,
        },
      },
      { test: { ...browser, name: 'browser', include: [pages], exclude: [timed, '**/node_modules/**'] } },
      // Measures times: one browser alone.
      { test: { ...browser, name: 'timed', include: [timed], fileParallelism: false } },
    ],
  },
})
