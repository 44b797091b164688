/**
 * Rejects misspelt options, which would otherwise silently do nothing.
 *
 * @throws {TypeError} if `options` is not an object, or has an option that is not known; names the option, never a value
 */
export function assertKnownOptions(
  caller: string,
  options: unknown,
  known: Readonly<Record<string, true>>,
): void {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`${caller}: options must be an object`)
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(known, name))
  if (unknown !== undefined) throw new TypeError(`${caller}: unknown option "${unknown}"`)
}
