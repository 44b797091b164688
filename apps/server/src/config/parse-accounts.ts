import type { AccountsConfig, OidcConfig, SlowMode } from './server-config.js'
import type { Setting } from './settings/settings.js'
import type { SettingsReader } from './settings-reader.js'

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
const SECONDS = /^[1-9]\d{0,4}$/
const LOOPBACK_NAMES = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/** Parses the settings of accounts; `null`: there are none. Problems are left in the reader. */
export function parseAccounts(reader: SettingsReader): AccountsConfig | null {
  if (reader.choice('GITMSG_ACCOUNTS') === 'off') {
    for (const name of NEED_ACCOUNTS.filter(reader.isSet)) {
      reader.report(name, 'needs GITMSG_ACCOUNTS=on: set that too, or remove it')
    }
    return null
  }
  return {
    isPublic: reader.choice('GITMSG_PUBLIC_READ') === 'on',
    isOpen: reader.choice('GITMSG_REGISTRATION') !== 'off',
    hold: reader.choice('GITMSG_HOLD'),
    slowMode: parseSlowMode(reader),
    dailyPosts: reader.integer('GITMSG_DAILY_POSTS'),
    publicUrl: parsePublicUrl(reader),
    oidc: parseOidc(reader),
  }
}

function parseSlowMode(reader: SettingsReader): SlowMode {
  const topics = new Map<string, number>()
  for (const entry of reader.list('GITMSG_SLOW_MODE')) {
    const [, topic = '', seconds = ''] = /^(.+)=([^=]*)$/s.exec(entry) ?? []
    const isValid = topic !== '' && SECONDS.test(seconds) && Number(seconds) <= MAX_SLOW_SECONDS
    if (isValid) topics.set(topic, Number(seconds))
    else {
      const expected = `TOPIC=SECONDS, separated by commas, with 1 to ${MAX_SLOW_SECONDS} seconds`
      reader.report('GITMSG_SLOW_MODE', `has an invalid entry, ${JSON.stringify(entry)}: list ${expected}`)
    }
  }
  return topics
}

/** The address at which people reach the server, with a slash at its end. */
function parsePublicUrl(reader: SettingsReader): string | null {
  const text = reader.text('GITMSG_PUBLIC_URL')
  if (text === undefined) return null
  const url = URL.canParse(text) ? new URL(text) : null
  const isPlain = url && !url.username && !url.password && !url.search && !url.hash
  if (!isPlain || !/^https?:$/.test(url.protocol)) {
    reader.report('GITMSG_PUBLIC_URL', 'must be a URL like https://chat.example.org/')
    return null
  }
  return url.href.endsWith('/') ? url.href : `${url.href}/`
}

function parseOidc(reader: SettingsReader): OidcConfig | null {
  const issuer = reader.text('GITMSG_OIDC_ISSUER')
  const clientId = reader.text('GITMSG_OIDC_CLIENT_ID')
  const clientSecret = reader.nonEmpty('GITMSG_OIDC_CLIENT_SECRET')
  if (issuer === undefined && clientId === undefined && clientSecret === undefined) return null
  if (issuer === undefined || clientId === undefined) {
    reader.report('GITMSG_OIDC_ISSUER', 'and GITMSG_OIDC_CLIENT_ID must both be set')
    return null
  }
  const url = URL.canParse(issuer) ? new URL(issuer) : null
  const isSafe =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK_NAMES.test(url.hostname))
  if (!isSafe) reader.report('GITMSG_OIDC_ISSUER', 'must be an https URL (plain http on loopback only)')
  return { issuer, clientId, clientSecret }
}
