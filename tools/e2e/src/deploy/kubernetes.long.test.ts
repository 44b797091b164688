import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createDatabase, findPostgres } from '@gitmsg/test-postgres'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parseAllDocuments, parse as parseYaml } from 'yaml'
import { createClient } from '../testing/client.js'
import { deployFiles, readDeployFile } from '../testing/deploy/deploy-files.js'
import { openPods, SECRETS } from '../testing/deploy/open-pods.js'
import { findTypeErrors, type Manifest } from '../testing/deploy/type-errors.js'
import { openWorkspace } from '../testing/workspace.js'

const postgres = await findPostgres()
const FILES = deployFiles(/^kubernetes.*\.yaml$/)

/** As Kubernetes reads YAML: in version 1.1, where 0440 is octal. */
const readManifests = (name: string): Manifest[] =>
  parseAllDocuments(readDeployFile(name), { version: '1.1' }).map((document) => document.toJS())

function ofKind(name: string, kind: string): Manifest {
  const found = readManifests(name).find((manifest) => manifest.kind === kind)
  if (!found) throw new Error(`${name} has no ${kind}`)
  return found
}

describe('the comparison with the types of Kubernetes', () => {
  it('finds fields that are unknown, missing or of another type', () => {
    const [file = ''] = FILES
    const deployment = ofKind(file, 'Deployment')
    const changed = (spec: object) => ({ ...deployment, spec: { ...deployment.spec, ...spec } })
    const changes = [{}, { replica: 1 }, { selector: undefined }, { replicas: '1' }]
    expect(findTypeErrors(changes.map(changed))).toEqual([
      expect.stringContaining('\'"replica"\' does not exist'),
      expect.stringContaining("'selector' is missing"),
      expect.stringContaining("'string' is not assignable"),
    ])
  })
})

describe.each(FILES)('the Kubernetes manifest %s', (name) => {
  const text = readDeployFile(name)
  const manifests = readManifests(name)
  const deployment = ofKind(name, 'Deployment')
  const { template, selector } = deployment.spec
  const [container] = template.spec.containers

  it('follows the types of Kubernetes', () => {
    expect(findTypeErrors(manifests)).toEqual([])
  })

  it('refers only to what it has, or tells how to create', () => {
    const { labels } = template.metadata
    for (const manifest of manifests) {
      const labelled = manifest.spec.selector?.matchLabels ?? manifest.spec.selector
      if (labelled) expect(labels).toEqual(labelled)
    }
    expect(labels).toEqual(selector.matchLabels)
    const volumes: { name: string; persistentVolumeClaim?: object }[] = template.spec.volumes
    expect(container.volumeMounts.map((mount: { name: string }) => mount.name).toSorted()).toEqual(
      volumes.map((volume) => volume.name).toSorted(),
    )
    const claims = manifests.filter(({ kind }) => kind === 'PersistentVolumeClaim')
    expect(volumes.filter((volume) => volume.persistentVolumeClaim)).toHaveLength(claims.length)
    const created = [...text.matchAll(/--from-file=([\w.-]+)/g)].map(([, key]) => key)
    const used = [...text.matchAll(new RegExp(`${SECRETS}/([\\w.-]+)`, 'g'))].map(([, key]) => key)
    expect(new Set(used)).toEqual(new Set(created))
    const { rules } = ofKind(name, 'Ingress').spec
    const service = ofKind(name, 'Service')
    expect(rules[0].http.paths[0].backend.service).toEqual({
      name: service.metadata.name,
      port: { name: service.spec.ports[0].name },
    })
    expect(container.ports.map((port: { name: string }) => port.name)).toContain(
      service.spec.ports[0].targetPort,
    )
  })

  it('denies the pod what the Compose file denies the container', () => {
    const { gitmsg } = parseYaml(readDeployFile('compose.yaml')).services
    expect(gitmsg).toMatchObject({ read_only: true, cap_drop: ['ALL'], stop_grace_period: '30s' })
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
    const { securityContext, terminationGracePeriodSeconds, volumes } = template.spec
    expect(securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 })
    expect(terminationGracePeriodSeconds).toBe(30)
    const { secret } = volumes.find((volume: { name: string }) => volume.name === 'secrets')
    expect(secret.defaultMode).toBe(0o440)
  })
})

it('the pod of kubernetes.yaml serves with the secret, and its probe tells whether it is ready', async () => {
  const deployment = ofKind('kubernetes.yaml', 'Deployment')
  expect([deployment.spec.replicas, deployment.spec.strategy.type]).toEqual([1, 'Recreate'])
  await using pods = await openPods(readDeployFile('kubernetes.yaml'), deployment)
  const pod = await pods.start()
  await createClient(pod.url).post('from a pod', 'alice', { Authorization: `Bearer ${pods.token}` })
  expect(pods.probe(pod)).toBe(0)
  writeFileSync(join(pods.secretsPath, 'probe-token'), 'wrong\n')
  expect(pods.probe(pod)).toBe(1)
  await pod.stop()
  expect(pods.probe(pod)).toBe(1)
})

it.skipIf(postgres === null)(
  'pods of kubernetes.postgres.yaml share their messages and are ready',
  async () => {
    const database = await createDatabase(postgres ?? '')
    onTestFinished(database.drop)
    await using elsewhere = await openWorkspace()
    const name = 'kubernetes.postgres.yaml'
    await using pods = await openPods(readDeployFile(name), ofKind(name, 'Deployment'))
    writeFileSync(join(pods.secretsPath, 'database-url'), `${database.url}\n`)
    // A path instead of the host of the remote, which takes no token.
    const remote = { GITMSG_REMOTE: elsewhere.makeRemote(), GITMSG_REMOTE_TOKEN_FILE: null }
    const [first, second] = [await pods.start(remote), await pods.start(remote)]
    const headers = { Authorization: `Bearer ${pods.token}` }
    await createClient(first.url).post('from a pod', 'alice', headers)
    const listed = await createClient(second.url).call('/messages', { headers })
    expect(await listed.json()).toMatchObject([{ content: 'from a pod' }])
    expect([pods.probe(first), pods.probe(second)]).toEqual([0, 0])
  },
)
