import { silentLogger } from '../../logger.js'
import { createGitEnvironment } from '../git/environment.js'
import { createGit, type Git, type GitOptions } from '../git/git.js'

/** git in a directory, set up as by a backend without a remote. */
export function createTestGit(
  directory: string,
  { environment = {}, ...options }: Partial<GitOptions> & { environment?: Record<string, string> } = {},
): Git {
  const variables = createGitEnvironment({ directory, remote: null, token: undefined, environment })
  return createGit({ directory, variables, redact: (text) => text, logger: silentLogger, ...options })
}
