import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/**
 * Runs a command and resolves with its output. If the command fails, the error's message has its output.
 *
 * @param env default: that of this process
 */
export async function run(
  folder: string,
  [command = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ stdout: string; stderr: string }> {
  try {
    return await execute(command, args, { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 })
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    const output = stdout + stderr || String(error)
    throw new Error(`${command} ${args.join(' ')} failed:\n${output}`, { cause: error })
  }
}
