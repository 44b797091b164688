/** The part of `node:fs` that reading the configuration needs. Tests pass an in-memory file system instead. */
export interface ReadOnlyFileSystem {
  readFileSync(path: string, encoding: 'utf8'): string
  statSync(path: string): { readonly mode: number }
  existsSync(path: string): boolean
  realpathSync(path: string): string
  /** @throws the system's error if the process lacks a permission in `mode` */
  accessSync(path: string, mode: number): void
}
