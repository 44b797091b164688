import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { validate } from 'dockerfile-utils'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { ROOT } from '../published-packages.js'
import { layerObstacle, runAsRoot } from './as-root.js'
import { type BuiltImage, buildImage } from './build-image.js'
import { type Container, makeVolume, runInContainer, startContainer } from './run-container.js'

const DOCKERFILE = readFileSync(join(ROOT, 'Dockerfile'), 'utf8')

it('the Dockerfile is valid', () => {
  expect(validate(DOCKERFILE).map(({ message }) => message)).toEqual([])
})

it('the Dockerfile installs the pnpm that package.json names, and images with exact tags', () => {
  const { packageManager } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  expect(DOCKERFILE).toContain(`npm install --global ${packageManager}\n`)
  const images = [...DOCKERFILE.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image)
  expect(images).not.toEqual([])
  for (const image of images) expect(image).toMatch(/^node:\d+\.\d+\.\d+-trixie(-slim)?$/)
})

const obstacle = layerObstacle()
if (obstacle !== null) {
  if (process.env.CI === 'true') throw new Error(obstacle)
  process.stderr.write(`\n*** ${obstacle}. THE TESTS OF THE IMAGE ARE SKIPPED. ***\n\n`)
}

/** A port that is free now. */
async function findPort(): Promise<string> {
  const server = createTcpServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return String(port)
}

/** A remote over HTTP whose every response is an error. */
async function openFailingRemote() {
  let requests = 0
  const server = createServer((_, response) => {
    requests += 1
    response.writeHead(500).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/messages.git`, requests: () => requests }
}

/** Waits until a condition holds. */
async function until(holds: () => boolean | Promise<boolean>, describeState: () => string): Promise<void> {
  const end = performance.now() + 60_000
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`not reached: ${describeState()}`)
    await pause(50)
  }
}

describe.skipIf(obstacle !== null)('the image, on a read-only root as its own user', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gitmsg-image-'))
  let image: BuiltImage

  beforeAll(() => {
    image = buildImage(folder)
  })
  afterAll(() => void runAsRoot('rm', '-rf', folder))

  let volumes = 0
  const newVolume = () => {
    volumes += 1
    return makeVolume(image, join(folder, `volume-${volumes}`))
  }

  async function serve(settings: Record<string, string>, entrypoint?: readonly string[]) {
    const data = newVolume()
    const port = await findPort()
    const options = { data, settings: { PORT: port, ...settings } }
    const scopes = ['--scope', 'read,write,admin', '--sender', 'alice', '--name', 'test']
    const { stdout, stderr } = runInContainer(image, options, ['token', 'create', ...scopes])
    expect(stderr).toBe('')
    const container = startContainer(image, { ...options, ...(entrypoint && { entrypoint }) })
    onTestFinished(async () => void (await container.stop('KILL')))
    await untilServing(container)
    const headers = { Authorization: `Bearer ${stdout.trim()}`, 'Content-Type': 'application/json' }
    const request = (path: string, init: RequestInit = {}) =>
      fetch(`http://127.0.0.1:${port}${path}`, { ...init, headers })
    return { container, options, request }
  }

  const untilServing = ({ output }: Container) => until(() => output().includes('Serving on'), output)

  it('commits a message, is healthy, and ends in order', async () => {
    const { container, options, request } = await serve({})
    const body = JSON.stringify({ content: 'Hello, Git', sender: 'alice' })
    expect((await request('/messages', { method: 'POST', body })).status).toBe(201)
    const isSynchronized = async () =>
      ((await (await request('/sync')).json()) as { pending: number }).pending === 0
    await until(isSynchronized, container.output)
    const { healthcheck, stopSignal } = image.config
    expect(runInContainer(image, { ...options, entrypoint: [] }, healthcheck)).toMatchObject({ code: 0 })
    expect(await container.stop(stopSignal.replace('SIG', ''))).toBe(0)
    expect(runInContainer(image, { ...options, entrypoint: [] }, healthcheck)).toMatchObject({ code: 1 })
    expect(container.output()).toContain('"msg":"stopped"')
    expect(container.output()).not.toMatch(/"level":[456]0/)
    const repository = ['-c', 'safe.directory=*', '-C', join(options.data, 'repository.git')]
    const log = runAsRoot('git', ...repository, 'log', '--format=%s', 'main')
    expect(log).toContain('Message 1 from alice\n')
  })

  it('can write to its volume and /tmp, and nowhere else', () => {
    const options = { data: newVolume(), entrypoint: [] }
    const touch = (path: string) => runInContainer(image, options, ['touch', path]).stderr
    expect(touch('/data/file') + touch('/tmp/file')).toBe('')
    // Every user may write to this folder in the image.
    expect(touch('/var/tmp/file')).toContain('Read-only file system')
  })

  it('leaves no ended git processes, which would stay without the init', async () => {
    const failing = { GITMSG_FETCH_INTERVAL: '1' }
    const zombiesWith = async (entrypoint?: readonly string[]) => {
      const remote = await openFailingRemote()
      const { container, request } = await serve({ ...failing, GITMSG_REMOTE: remote.url }, entrypoint)
      for (let count = 0; count < 3; count += 1) await request('/sync', { method: 'POST' })
      expect(remote.requests()).toBeGreaterThanOrEqual(3)
      // A process that has just ended is removed in a moment.
      await pause(500)
      const zombies = container.zombies()
      await container.stop('TERM')
      return zombies
    }
    expect(await zombiesWith()).toEqual([])
    expect(await zombiesWith(['gitmsg'])).not.toEqual([])
  })

  it('runs every command', async () => {
    const { container, options, request } = await serve({})
    const body = JSON.stringify({ content: 'Hello, Git', sender: 'alice' })
    await request('/messages', { method: 'POST', body })
    await request('/sync', { method: 'POST' })
    const run = (...words: string[]) => runInContainer(image, options, words)
    const onData = ['status', 'sync', 'verify', 'quarantine list', 'token list']
    const commands = [...onData, 'completion bash', '--version']
    const failed = commands.map((command) => run(...command.split(' '))).filter(({ code }) => code !== 0)
    expect(failed).toEqual([])
    expect(await container.stop('TERM')).toBe(0)
    runAsRoot('sh', '-c', `rm ${options.data}/gitmsg.db*`)
    expect(JSON.parse(run('restore', '--json').stdout)).toMatchObject({ imported: 1 })
  })
})
