import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT } from '../published-packages.js'
import { inLayer, makeLayer, runAsRoot } from './as-root.js'
import { type ImageConfig, readConfig, readStages, type Stage } from './read-dockerfile.js'

/** An image as a layer over this machine, which stands in for the base image. */
export interface BuiltImage {
  readonly layer: string
  readonly config: ImageConfig
}

/** Runs the instructions of the Dockerfile, without a container engine. */
export function buildImage(folder: string): BuiltImage {
  const stages = readStages(readFileSync(join(ROOT, 'Dockerfile'), 'utf8'))
  const layers = new Map<string | null, string>()
  for (const stage of stages) {
    layers.set(stage.name, makeLayer(join(folder, stage.name ?? 'image')))
    buildStage(stage, layers)
  }
  const last = stages.at(-1)
  if (!last) throw new Error('the Dockerfile has no stage')
  return { layer: layers.get(last.name) ?? '', config: readConfig(last) }
}

function buildStage(stage: Stage, layers: ReadonlyMap<string | null, string>): void {
  const layer = layers.get(stage.name) ?? ''
  let workFolder = '/'
  for (const { keyword, text } of stage.instructions) {
    const [from = '', to = ''] = text.split(' ')
    if (keyword === 'WORKDIR') {
      workFolder = text
      runAsRoot('mkdir', '-p', join(layer, 'upper', workFolder))
    } else if (keyword === 'COPY' && from === '.') {
      copyContext(join(layer, 'upper', workFolder))
    } else if (keyword === 'COPY') {
      runAsRoot('cp', '-a', join(layers.get('build') ?? '', 'upper', from), join(layer, 'upper', to))
    } else if (keyword === 'RUN') {
      runAsRoot(...inLayer(layer, ['env', `--chdir=${workFolder}`, 'sh', '-ec', text]))
    }
  }
}

/** Copies what a container engine would receive: what is or can be committed, without what `.dockerignore` names. */
function copyContext(folder: string): void {
  const list = (...options: string[]): string[] => {
    const { stdout } = spawnSync('git', ['ls-files', '-z', ...options], { cwd: ROOT, encoding: 'utf8' })
    return stdout.split('\0').filter((path) => path !== '')
  }
  const ignored = new Set(list('--cached', '--others', '--ignored', '--exclude-from=.dockerignore'))
  const wanted = list('--cached', '--others', '--exclude-standard').filter((path) => !ignored.has(path))
  if (ignored.size === 0 || wanted.length === 0) throw new Error('git lists no files to copy')
  mkdirSync(dirname(folder), { recursive: true })
  const archive = spawnSync('tar', ['--create', '--null', '--files-from=-', '--ignore-failed-read'], {
    cwd: ROOT,
    input: wanted.join('\0'),
    maxBuffer: 512 * 1024 * 1024,
  })
  const { status, stderr } = spawnSync('tar', ['--extract', '-C', folder], { input: archive.stdout })
  if (status !== 0) throw new Error(`cannot copy the build context: ${stderr}`)
}
