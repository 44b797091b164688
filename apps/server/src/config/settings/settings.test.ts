import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { SETTINGS, type Setting } from './settings.js'
import { parseSettingsFile } from './settings-file.js'
import { buildSettingsSchema } from './settings-schema.js'

const read = (path: string) => readFileSync(new URL(`../../../../../${path}`, import.meta.url), 'utf8')
const README = read('README.md')
const LINK = /\[([^\]]+)\]\([^)]+\)/g

/** The settings without those for the files of secrets, which the README lists below its table. */
const IN_TABLE = [...SETTINGS.keys()].filter(
  (name) => !(name.endsWith('_FILE') && SETTINGS.get(name.slice(0, -5) as Setting)?.kind === 'secret'),
)

describe('SETTINGS', () => {
  it.each(IN_TABLE)('is what the table in the README says: %s', (name) => {
    const { means, otherwise, default: value } = SETTINGS.get(name) ?? { means: '' }
    const fallback = typeof value === 'string' ? `\`${value}\`` : (value ?? otherwise ?? 'none')
    const row = README.split('\n').find((line) => line.startsWith(`| \`${name}\``))
    expect(row?.replaceAll(LINK, '$1')).toBe(`| \`${name}\` | ${fallback} | ${means} |`)
  })

  it('has no setting that the README lacks, and the README has no other', () => {
    const names = README.matchAll(/`((?:GITMSG|GITHUB)_[A-Z_]+)[`=]/g)
    const known = [...SETTINGS.keys()].filter((name) => name.includes('_') && name !== 'LOG_LEVEL')
    expect([...new Set([...names].map(([, name]) => name))].toSorted()).toEqual(known.toSorted())
  })

  it('has the variables of .env.example', () => {
    const names = [...read('.env.example').matchAll(/^#([A-Z_]+)=/gm)].map(([, name]) => name)
    expect(names.toSorted()).toEqual([...SETTINGS.keys()].toSorted())
  })
})

describe('buildSettingsSchema()', () => {
  it('builds the published schema', async () => {
    const schema = `${JSON.stringify(buildSettingsSchema(), null, 2)}\n`
    await expect(schema).toMatchFileSnapshot('../../../gitmsg.schema.json')
  })

  it('accepts the example in the README, as the server does', () => {
    const [, example = ''] = /```json\n(\{\n {2}"\$schema".*?)```/s.exec(README) ?? []
    const validate = new Ajv({ strict: true }).compile(buildSettingsSchema())
    expect(validate(JSON.parse(example))).toBe(true)
    const { settings, problems } = parseSettingsFile(example, { path: 'gitmsg.json', isExposed: true })
    expect([settings.size, problems]).toEqual([3, []])
  })
})
