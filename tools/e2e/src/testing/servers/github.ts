import { createFakeGithub } from '@gitmsg/git-sync/testing'

/** Starts a fake GitHub, with the settings for a server to use it. */
export async function openGithub() {
  const github = await createFakeGithub()
  const settings = {
    GITHUB_API_URL: github.url,
    GITHUB_REPO: github.repository,
    GITHUB_TOKEN: github.settings.token,
  }
  return { github, settings, [Symbol.asyncDispose]: () => github.close() }
}
