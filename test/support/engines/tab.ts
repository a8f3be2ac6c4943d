import type { Page } from 'puppeteer'

/** What a test may ask of a tab, in every engine. Puppeteer's `Page` is one. */
export interface Tab
  extends Pick<Page, 'evaluate' | 'waitForFunction' | 'url' | 'close' | 'isClosed' | 'setDefaultTimeout'> {
  goto(url: string, options?: GoOptions): Promise<unknown>
  reload(options?: GoOptions): Promise<unknown>
  /** The client that the tab belongs to. */
  browserContext(): Client
}

export interface GoOptions {
  /** Default `load`. */
  waitUntil?: 'load' | 'domcontentloaded'
  /** Milliseconds; default 30,000. */
  timeout?: number
}

/** A client: its tabs share workers, caches and databases with each other and with nobody else. */
export interface Client {
  newPage(): Promise<Tab>
  close(): Promise<void>
}

export interface TestBrowser<T extends Tab = Tab> {
  /** A tab of the profile's own client. */
  newPage(url?: string): Promise<T>
  /** A tab of a new client. Closed with the browser. */
  newClient(url?: string): Promise<{ page: T; context: ReturnType<T['browserContext']> }>
  /** Closes every client made by `newClient`, with its tabs and workers. */
  closeClients(): Promise<void>
  /** Its name and version, such as `Firefox/140.5`. */
  version(): Promise<string>
  /** Ends the browser and starts it again with the same profile; for an engine that can `restart`. */
  restart(): Promise<void>
  /** Ends the browser and removes its profile. */
  close(): Promise<void>
}

/** What a page and its workers printed, oldest first; `errors` alone are errors and uncaught throws. */
export interface Heard {
  lines: string[]
  errors: string[]
}

/** What not every engine can do, as the end of "it cannot …". */
export type Ability = 'stop workers' | 'restart' | 'load past the worker' | 'tell what the console says'

export interface Engine {
  open(): Promise<TestBrowser>
  /** Abilities it lacks. */
  cannot: readonly Ability[]
  stopAllWorkers(tab: Tab): Promise<void>
  /** Loads the page anew as Shift and the reload button do: no worker controls it. */
  hardReload(tab: Tab): Promise<void>
  listen(tab: Tab): Heard
}
