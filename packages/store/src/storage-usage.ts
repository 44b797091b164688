/** The space that a database takes, and has. All in bytes; `null` if the store cannot tell. */
export interface StorageUsage {
  /** What the database takes, with its log. */
  readonly databaseBytes: number | null
  /** Its write-ahead log alone. */
  readonly logBytes: number | null
  /** What is free on its disk. */
  readonly freeBytes: number | null
  /** The size of its disk. */
  readonly diskBytes: number | null
}
