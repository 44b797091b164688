import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { runScript } from '../gitmsg.js'
import type { RunningServer } from '../run-server.js'
import { openWorkspace } from '../workspace.js'
import type { Manifest } from './type-errors.js'

/** Where the manifests mount the secret. */
export const SECRETS = '/run/secrets/gitmsg'

/**
 * Runs what the pods of a deployment would, without Kubernetes: the commands of the manifest's comment make the secret,
 * in a folder that stands for its mount.
 */
export async function openPods(text: string, deployment: Manifest) {
  const secrets = await openWorkspace()
  const lines = [...text.matchAll(/^# {3}((?:export|npx|echo) .*)$/gm)].map(([, line = '']) => line)
  const script = lines.join('\n').replaceAll('npx gitmsg', 'gitmsg')
  const { status, stdout, stderr } = runScript(secrets.path, `set -e\n${script}`)
  if (status !== 0) throw new Error(`the commands of the comment failed:\n${stderr}`)
  const [container] = deployment.spec.template.spec.containers
  const inFolder = (value: string) => value.replaceAll(SECRETS, secrets.path)
  const entries: { name: string; value: string }[] = container.env
  const settings = Object.fromEntries(entries.map(({ name, value }) => [name, inFolder(value)]))
  const workspaces: AsyncDisposable[] = [secrets]

  return {
    secretsPath: secrets.path,
    /** The first token that the commands print. */
    token: stdout.split('\n')[0] ?? '',
    /** Starts another pod, whose data folder is its own. A setting that is `null` is left out. */
    async start(more: Record<string, string | null> = {}): Promise<RunningServer> {
      const workspace = await openWorkspace()
      workspaces.unshift(workspace)
      const given = Object.entries({ ...settings, ...more }).filter(([, value]) => value !== null)
      return workspace.start({
        ...(Object.fromEntries(given) as Record<string, string>),
        GITMSG_DATA_DIR: join(workspace.path, 'data'),
      })
    },
    /** Runs the probe, and returns its exit code. */
    probe({ url }: RunningServer): number | null {
      const [program, ...words]: string[] = container.readinessProbe.exec.command
      if (program !== 'node') throw new Error('the probe is another program')
      const args = words.map((word) => inFolder(word).replace('http://127.0.0.1:3000/', url))
      return spawnSync(process.execPath, args).status
    },
    async [Symbol.asyncDispose]() {
      for (const workspace of workspaces) await workspace[Symbol.asyncDispose]()
    },
  }
}
