/**
 * Whether the outermost object has a key twice, even if one of them is escaped: JSON.parse would silently keep
 * the last.
 *
 * @param json a text that JSON.parse accepts
 */
export function hasDuplicateKey(json: string): boolean {
  const keys = new Set<string>()
  let depth = 0
  let lastString = ''
  for (let index = 0; index < json.length; index += 1) {
    const character = json[index]
    if (character === '"') {
      const end = endOfString(json, index)
      if (depth === 1) lastString = json.slice(index, end + 1)
      index = end
    } else if (character === '{' || character === '[') depth += 1
    else if (character === '}' || character === ']') depth -= 1
    else if (character === ':' && depth === 1) {
      const key = lastString.includes('\\') ? JSON.parse(lastString) : lastString.slice(1, -1)
      if (keys.has(key)) return true
      keys.add(key)
    }
  }
  return false
}

/** The index of the closing quotation mark of the string that starts at `start`. */
function endOfString(json: string, start: number): number {
  let index = start + 1
  while (json[index] !== '"') index += json[index] === '\\' ? 2 : 1
  return index
}
