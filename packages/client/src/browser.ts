/** A source of events. */
interface Target {
  addEventListener(type: string, listener: (event: object) => void): void
  removeEventListener(type: string, listener: (event: object) => void): void
}

/** The part of the Web Locks API that is used here. */
interface Locks {
  request(
    name: string,
    options: { readonly signal: AbortSignal },
    work: () => Promise<void>,
  ): Promise<unknown>
}

/** The parts of IndexedDB that are used here. */
export interface DatabaseFactory {
  open(name: string, version: number): OpenRequest
}

interface Request<Result> {
  readonly result: Result
  readonly error: unknown
  onsuccess: (() => void) | null
  onerror: (() => void) | null
}

interface OpenRequest extends Request<Database> {
  onupgradeneeded: (() => void) | null
}

export interface Database {
  createObjectStore(name: string, options: { readonly keyPath: string }): unknown
  transaction(name: string, mode: string, options: { readonly durability: string }): Transaction
  close(): void
  onclose: (() => void) | null
  onversionchange: (() => void) | null
}

interface Transaction {
  objectStore(name: string): ObjectStore
  readonly error: unknown
  oncomplete: (() => void) | null
  onabort: (() => void) | null
}

export interface ObjectStore {
  getAll(): Request<unknown[]>
  put(value: object): Request<unknown>
  delete(key: string): Request<unknown>
}

/** What a browser has and Node.js 20 has not. Types of the DOM would let the rest of the code use them by mistake. */
interface BrowserGlobals extends Partial<Target> {
  readonly document?: Target & { readonly visibilityState: string }
  readonly navigator?: { readonly onLine?: boolean; readonly locks?: Locks }
  readonly indexedDB?: DatabaseFactory
}

/** The globals of a browser; elsewhere an object that lacks them. */
export const browser = globalThis as unknown as BrowserGlobals
