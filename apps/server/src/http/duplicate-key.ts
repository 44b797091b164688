const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g

/**
 * Whether an object at the top of a JSON text has a key twice, also where one of them is escaped;
 * JSON.parse would silently keep the last.
 *
 * @param json a text that JSON.parse accepts
 */
export function hasDuplicateKey(json: string): boolean {
  const keys = new Set<string>()
  let depth = 0
  let lastString = ''
  for (const [token] of json.matchAll(TOKEN)) {
    if (token === '{' || token === '[') depth += 1
    else if (token === '}' || token === ']') depth -= 1
    else if (token === ':' && depth === 1) {
      const key: string = JSON.parse(lastString)
      if (keys.has(key)) return true
      keys.add(key)
    } else if (token.startsWith('"')) lastString = token
  }
  return false
}
