/**
 * A plain copy of what a caller gave: getters and proxies get one chance to answer, and none to answer
 * differently later. `null` where it is no object, or cannot be read.
 */
export function readOnce(input: unknown): Record<PropertyKey, unknown> | null {
  try {
    if (typeof input !== 'object' || input === null || Array.isArray(input)) return null
    const keys = [...Object.keys(input), ...Object.getOwnPropertySymbols(input)]
    const source = input as Record<PropertyKey, unknown>
    return Object.fromEntries(keys.map((key) => [key, source[key]]))
  } catch {
    return null
  }
}
