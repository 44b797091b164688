/** What is known of a setting, besides its name. */
export type Definition = {
  /** What it is for, as the README and the JSON Schema show it. May have Markdown's code marks, but no links. */
  readonly means: string
  /** The value if it is not set. */
  readonly default?: string | number
  /** Describes the value if it is not set, where that depends on something else. */
  readonly otherwise?: string
} & (
  | { readonly kind: 'text' }
  /** A text that is never shown, and that may be in a file of its own: the setting `<NAME>_FILE`. */
  | { readonly kind: 'secret' }
  /** Texts without commas; in the environment, they are separated by commas. */
  | { readonly kind: 'list' }
  | { readonly kind: 'choice'; readonly values: readonly (string | number)[] }
  | { readonly kind: 'integer'; readonly default: number; readonly min: number; readonly max: number }
)

/** Definitions by name. */
export type Definitions = Readonly<Record<string, Definition>>
