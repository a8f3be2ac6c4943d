import { defineConfig } from 'vitest/config'

const pages = 'test/browser/**/*.test.ts'
const timed = 'test/browser/timed/**/*.test.ts'
const browser = { globalSetup: 'test/support/browser-setup.ts', testTimeout: 60_000, hookTimeout: 60_000 }

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { name: 'unit', include: ['test/*.test.ts', 'test/unit/**/*.test.ts', 'test/sim/**/*.test.ts'] } },
      { test: { ...browser, name: 'browser', include: [pages], exclude: [timed, '**/node_modules/**'] } },
      // Measures times: one browser alone.
      { test: { ...browser, name: 'timed', include: [timed], fileParallelism: false } },
    ],
  },
})
