/** The query of `GET /messages` for form fields: empty fields are omitted, local times become RFC 3339. */
export function toSearch(fields: Iterable<[name: string, value: unknown]>): string {
  const query = new URLSearchParams()
  for (const [name, value] of fields) {
    const text = String(value)
    if (text === '') continue
    query.set(name, name === 'since' || name === 'until' ? toInstant(text) : text)
  }
  return query.size === 0 ? '' : `?${query}`
}

function toInstant(localTime: string): string {
  const instant = new Date(localTime)
  return Number.isNaN(instant.getTime()) ? localTime : instant.toISOString()
}
