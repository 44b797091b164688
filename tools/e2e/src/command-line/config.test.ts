import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createClient } from '../testing/client.js'
import { gitmsg } from '../testing/gitmsg.js'
import { openWorkspace, type Workspace } from '../testing/workspace.js'

const write = (workspace: Workspace, name: string, text: string, mode = 0o600) =>
  writeFileSync(join(workspace.path, name), text, { mode })

describe('gitmsg.json', () => {
  it('has settings of a server, below .env and the environment, and gitmsg config prints them', async () => {
    await using workspace = await openWorkspace()
    const file = {
      GITMSG_BRANCH: 'file',
      GITMSG_DATA_DIR: 'file',
      LOG_LEVEL: 'warn',
      GITHUB_TOKEN: 'hunter2',
    }
    write(workspace, 'gitmsg.json', JSON.stringify(file, null, 2))
    write(workspace, '.env', 'GITMSG_DATA_DIR=dotenv\nLOG_LEVEL=error\n')

    const printed = gitmsg(workspace.path, ['config'], { LOG_LEVEL: 'info' })
    expect(printed.status).toBe(0)
    expect(printed.stdout).toMatch(/^GITMSG_BRANCH +file +file, line 2$/m)
    expect(printed.stdout).toMatch(/^GITMSG_DATA_DIR +dotenv +environment$/m)
    expect(printed.stdout).toMatch(/^LOG_LEVEL +info +environment$/m)
    expect(printed.stdout).toMatch(/^GITHUB_TOKEN +\(set\) +file, line 5$/m)
    const json = gitmsg(workspace.path, ['config', '--json']).stdout
    expect(json).toContain('{"name":"GITMSG_BRANCH","value":"file","source":"file","line":2}\n')
    expect(printed.stdout + json).not.toContain('hunter2')

    const server = await workspace.start({ LOG_LEVEL: 'info' })
    const status = await (await createClient(server.url).call('/sync')).json()
    expect(status).toMatchObject({ branch: 'file' })
    expect(readdirSync(workspace.path).toSorted()).toEqual(['.env', 'dotenv', 'gitmsg.json'])
    const posted = gitmsg(workspace.path, ['post', 'hello', '--sender', 'alice', '--json'], {
      GITMSG_URL: server.url,
    })
    expect(posted.status).toBe(0)
  })

  // Covers IN-99
  it.each([['serve'], ['config'], ['list'], ['token list']])(
    'ends gitmsg %s with 78 if a key is unknown or a value is not valid',
    async (words) => {
      await using workspace = await openWorkspace()
      write(workspace, 'gitmsg.json', '{\n  "GITMSG_BRACH": "hunter2",\n  "PORT": "hunter2"\n}\n')
      const { status, stdout, stderr } = gitmsg(workspace.path, words.split(' '))
      expect([status, stdout]).toEqual([78, ''])
      expect(stderr).toContain('\n- gitmsg.json:2: "GITMSG_BRACH" is not a setting\n')
      expect(stderr).toContain('\n- gitmsg.json:3: PORT must be a whole number\n')
      expect(stderr).not.toContain('hunter2')
      expect(readdirSync(workspace.path)).toEqual(['gitmsg.json'])
    },
  )

  // Covers IN-99
  it('may hold a secret only if no other user can read it', async () => {
    await using workspace = await openWorkspace()
    write(workspace, 'gitmsg.json', '{ "GITHUB_TOKEN": "hunter2" }', 0o644)
    const { status, stderr } = gitmsg(workspace.path, ['config'])
    expect(status).toBe(78)
    expect(stderr).toMatch(/^- gitmsg\.json:1: GITHUB_TOKEN must not be .*chmod 600/m)
    expect(stderr).not.toContain('hunter2')
  })
})
