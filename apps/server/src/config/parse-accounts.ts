import type { EnvironmentReader, Setting } from './environment-reader.js'
import type { AccountsConfig, OidcConfig, SlowMode } from './server-config.js'

/** Settings that mean nothing without accounts. */
const NEED_ACCOUNTS: readonly Setting[] = [
  'GITMSG_PUBLIC_READ',
  'GITMSG_REGISTRATION',
  'GITMSG_HOLD',
  'GITMSG_SLOW_MODE',
  'GITMSG_DAILY_POSTS',
  'GITMSG_OIDC_ISSUER',
  'GITMSG_OIDC_CLIENT_ID',
  'GITMSG_OIDC_CLIENT_SECRET',
]
const MAX_SLOW_SECONDS = 86_400
const MAX_DAILY_POSTS = 1_000_000
const SECONDS = /^[1-9]\d{0,4}$/
const LOOPBACK_NAMES = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/** Parses the settings of accounts; `null`: there are none. Problems are left in the reader. */
export function parseAccounts(reader: EnvironmentReader): AccountsConfig | null {
  if (reader.oneOf('GITMSG_ACCOUNTS', ['off', 'on'], 'off') === 'off') {
    for (const name of NEED_ACCOUNTS.filter((name) => reader.text(name) !== undefined)) {
      reader.problems.push(`${name} needs GITMSG_ACCOUNTS=on: set that too, or remove it`)
    }
    return null
  }
  return {
    isPublic: reader.oneOf('GITMSG_PUBLIC_READ', ['off', 'on'], 'off') === 'on',
    isOpen: reader.oneOf('GITMSG_REGISTRATION', ['off', 'on', 'open'], 'off') !== 'off',
    hold: reader.oneOf('GITMSG_HOLD', ['none', 'newcomers', 'all'], 'none'),
    slowMode: parseSlowMode(reader),
    dailyPosts: reader.integer('GITMSG_DAILY_POSTS', { default: 0, min: 0, max: MAX_DAILY_POSTS }),
    publicUrl: parsePublicUrl(reader),
    oidc: parseOidc(reader),
  }
}

function parseSlowMode(reader: EnvironmentReader): SlowMode {
  const entries = (reader.text('GITMSG_SLOW_MODE') ?? '').split(',').filter((entry) => entry.trim() !== '')
  const topics = new Map<string, number>()
  for (const entry of entries) {
    const [, topic = '', seconds = ''] = /^(.+)=([^=]*)$/s.exec(entry.trim()) ?? []
    const isValid = topic !== '' && SECONDS.test(seconds) && Number(seconds) <= MAX_SLOW_SECONDS
    if (isValid) topics.set(topic, Number(seconds))
    else {
      const expected = `TOPIC=SECONDS, separated by commas, with 1 to ${MAX_SLOW_SECONDS} seconds`
      reader.problems.push(
        `GITMSG_SLOW_MODE has an invalid entry, ${JSON.stringify(entry)}: list ${expected}`,
      )
    }
  }
  return topics
}

/** The address at which people reach the server, with a slash at its end. */
function parsePublicUrl(reader: EnvironmentReader): string | null {
  const text = reader.text('GITMSG_PUBLIC_URL')
  if (text === undefined) return null
  const url = URL.canParse(text) ? new URL(text) : null
  const isPlain = url && !url.username && !url.password && !url.search && !url.hash
  if (!isPlain || !/^https?:$/.test(url.protocol)) {
    reader.problems.push('GITMSG_PUBLIC_URL must be a URL like https://chat.example.org/')
    return null
  }
  return url.href.endsWith('/') ? url.href : `${url.href}/`
}

function parseOidc(reader: EnvironmentReader): OidcConfig | null {
  const issuer = reader.text('GITMSG_OIDC_ISSUER')
  const clientId = reader.text('GITMSG_OIDC_CLIENT_ID')
  const clientSecret = reader.nonEmpty('GITMSG_OIDC_CLIENT_SECRET')
  if (issuer === undefined && clientId === undefined && clientSecret === undefined) return null
  if (issuer === undefined || clientId === undefined) {
    reader.problems.push('GITMSG_OIDC_ISSUER and GITMSG_OIDC_CLIENT_ID must both be set')
    return null
  }
  const url = URL.canParse(issuer) ? new URL(issuer) : null
  const isSafe =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK_NAMES.test(url.hostname))
  if (!isSafe) reader.problems.push('GITMSG_OIDC_ISSUER must be an https URL (plain http on loopback only)')
  return { issuer, clientId, clientSecret }
}
