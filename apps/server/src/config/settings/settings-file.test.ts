import { Ajv } from 'ajv'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Definition } from './definition.js'
import { SETTINGS } from './settings.js'
import { parseSettingsFile, toFileValue } from './settings-file.js'
import { buildSettingsSchema } from './settings-schema.js'

const parse = (text: string, isExposed = false) =>
  parseSettingsFile(text, { path: '/etc/gitmsg.json', isExposed })

const accepts = new Ajv().compile(buildSettingsSchema())
const IN_FILE = [...SETTINGS].filter(([name]) => name !== 'GITMSG_CONFIG')
const SECRETS = IN_FILE.flatMap(([name, { kind }]) => (kind === 'secret' ? [name] : []))

/** Texts without control characters; a list's also without commas, or spaces at their ends. */
const TEXT = fc.stringMatching(/^[^\p{Cc}]{1,20}$/u).filter((text) => text.trim() !== '')
const ENTRY = TEXT.map((text) => text.replaceAll(',', '').trim()).filter((text) => text !== '')

function valuesOf(definition: Definition): fc.Arbitrary<unknown> {
  const { kind } = definition
  if (kind === 'integer') return fc.integer({ min: definition.min, max: definition.max })
  if (kind === 'choice') return fc.constantFrom(...definition.values)
  return kind === 'list' ? fc.array(ENTRY) : TEXT
}

describe('parseSettingsFile()', () => {
  it.each(IN_FILE)('keeps every value of %s that the schema allows', (name, definition) => {
    fc.assert(
      fc.property(valuesOf(definition), (value) => {
        const file = { [name]: value }
        expect(accepts(file)).toBe(true)
        const { settings, problems } = parse(JSON.stringify(file, null, 2))
        expect(problems).toEqual([])
        expect(settings.get(name)?.line).toBe(2)
        expect(toFileValue(name, settings.get(name)?.text ?? '')).toEqual(value)
      }),
      { numRuns: 50 },
    )
  })

  it('accepts an empty object, and a schema for editors', () => {
    for (const text of ['{}', '{"$schema": "./gitmsg.schema.json"}']) {
      expect(parse(text)).toEqual({ settings: new Map(), problems: [] })
    }
  })

  // Covers IN-99
  it.each([
    ['{"PORT": 1}x', ':1: the file is not valid JSON'],
    ['', ':1: the file is not valid JSON'],
    ['{\n"PORT": 3000,\n}', ':3: the file is not valid JSON'],
    ['{\n"GITHUB_TOKEN": hunter2 }', ':2: the file is not valid JSON'],
    ['[]', ': the file must hold an object'],
    ['"hunter2"', ': the file must hold an object'],
    ['{"GITMSG_BRACH": "hunter2"}', ':1: "GITMSG_BRACH" is not a setting'],
    ['{"port": 3000}', ':1: "port" is not a setting: write PORT'],
    ['{"__proto__": {}}', ':1: "__proto__" is not a setting'],
    ['{"a\\u001bb": 1}', ':1: "a\\u001bb" is not a setting'],
    ['{"GITMSG_CONFIG": "b.json"}', ':1: GITMSG_CONFIG can only be set in the environment'],
    ['{"PORT": 1,\n"HOST": "::1",\n"PORT": 2}', ':3: PORT is also set on line 1: remove one'],
    ['{"PORT": "a",\n"\\u0050ORT": 2}', ':2: PORT is also set on line 1: remove one', ':1: PORT must be'],
    ['{"$schema": 1}', ':1: $schema must be a text'],
    ['{"PORT": "3000"}', ':1: PORT must be a whole number'],
    ['{"PORT": 1.5}', ':1: PORT must be a whole number'],
    ['{"PORT": null}', ':1: PORT must be a whole number'],
    ['{"HOST": ["::1"]}', ':1: HOST must be a text that is not empty'],
    ['{"HOST": ""}', ':1: HOST must be a text that is not empty'],
    ['{"HOST": "a\\u0000b"}', ':1: HOST must be a text that is not empty'],
    ['{"GITMSG_ACCOUNTS": true}', ':1: GITMSG_ACCOUNTS must be one of "off", "on"'],
    ['{"GITMSG_FORMAT": "2"}', ':1: GITMSG_FORMAT must be one of 1, 2'],
    ['{"GITMSG_DENY": "::1"}', ':1: GITMSG_DENY must be a list of texts without commas'],
    ['{"GITMSG_DENY": ["a,b"]}', ':1: GITMSG_DENY must be a list of texts without commas'],
    ['{"GITMSG_DENY": [""]}', ':1: GITMSG_DENY must be a list of texts without commas'],
    ['{"GITMSG_DENY": {"a": 1}}', ':1: GITMSG_DENY must be a list of texts without commas'],
  ])('reports, without quoting a value: %j', (text, ...expected) => {
    const { problems } = parse(text)
    expect(problems.toSorted()).toEqual(
      expected.map((problem) => expect.stringContaining(`/etc/gitmsg.json${problem}`)).toReversed(),
    )
    expect(problems.join()).not.toContain('hunter2')
  })

  it.each(SECRETS)('accepts %s only in a file that no other user can read', (name) => {
    const text = JSON.stringify({ [name]: 'hunter2' })
    expect(parse(text).problems).toEqual([])
    expect(parse(text, true).problems).toEqual([
      `/etc/gitmsg.json:1: ${name} must not be in a file that other users can read: run chmod 600 on it, or use ${name}_FILE`,
    ])
  })
})
