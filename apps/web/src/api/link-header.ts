/**
 * The target of the first link with this relation in an RFC 8288 `Link` header, or `null`.
 * The target is returned as written: relative ones are not resolved.
 */
export function linkTarget(header: string | null, relation: string): string | null {
  for (const [, target, parameters] of (header ?? '').matchAll(/<([^>]*)>((?:"[^"]*"|[^,"])*)/g)) {
    const [, quoted, bare] = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,]+))/i.exec(parameters ?? '') ?? []
    const relations = (quoted ?? bare ?? '').toLowerCase().split(/\s+/)
    if (relations.includes(relation.toLowerCase())) return target ?? null
  }
  return null
}
