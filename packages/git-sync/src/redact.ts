const REDACTED = '[redacted]'

/** A shorter secret would be found by chance in harmless words, and make every text unreadable. */
const SHORTEST_SECRET = 6

/** GitHub's own tokens, and JSON Web Tokens. */
const TOKEN =
  /(?:gh[a-z]_(?:\d+_)?[A-Za-z0-9]{16}|github_pat_\w{16}|(?:(?<![\w-])|(?<=%[\dA-Fa-f]{2}))eyJ[\w-]+\.eyJ)[\w.-]*/g
/** What follows the name of an authorization scheme, as in `Authorization: Basic ...`; `{16,}` overflows the stack on megabytes. */
const CREDENTIAL = /\b(basic|bearer|token)((?: |%20|\+)+)[\w.~+/%=-]{16}[\w.~+/%=-]*/gi

/**
 * A function that removes secrets from a text in every form in which they may appear there: as they are, in JSON
 * (also nested in JSON), percent-encoded, and in base64, alone or as the password of `x-access-token`. Secrets of
 * fewer than 6 characters are not removed: they would be found in harmless words.
 *
 * @example
 * const redact = createRedactor([token])
 * logger.error({ reason: redact(error.message) }, 'cannot read the branch')
 */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const forms = secrets.filter((secret) => secret.length >= SHORTEST_SECRET).flatMap(formsOf)
  const longestFirst = [...new Set(forms)].sort((one, other) => other.length - one.length)
  return (text) => longestFirst.reduce((cleaned, form) => cleaned.replaceAll(form, REDACTED), text)
}

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1)

function formsOf(secret: string): string[] {
  const encoded = encodeURIComponent(secret)
  const bytes = Buffer.from(secret)
  return [
    secret,
    inJson(secret),
    inJson(inJson(secret)),
    encoded,
    encoded.replaceAll(/%../g, (code) => code.toLowerCase()),
    // `x-access-token:` is 15 bytes long, so what follows it has the same base64 as on its own.
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
  ]
}

/** Removes everything that looks like a token. */
export const redactTokens = (text: string): string => text.replaceAll(TOKEN, REDACTED)

/** Removes everything that looks like a token, or stands in the place of one, for secrets that are not known. */
export const redactUnknown = (text: string): string =>
  redactTokens(text).replaceAll(CREDENTIAL, `$1$2${REDACTED}`)
