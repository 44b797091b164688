import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { until } from '../run-server.js'
import type { Certificate } from './certificate.js'
import { readDeployFile } from './deploy-files.js'

/** What stands for the ports, paths and names of `examples/deploy/nginx.conf`. */
export interface NginxPlaces {
  readonly folder: string
  readonly certificate: Certificate
  readonly httpPort: string
  readonly httpsPort: string
  /** The server's host and port. */
  readonly upstream: string
}

/** Runs nginx with `examples/deploy/nginx.conf`; resolves once it listens. */
export async function runNginx(places: NginxPlaces) {
  const file = join(places.folder, 'nginx.conf')
  writeFileSync(file, surround(substitute(readDeployFile('nginx.conf'), places), places.folder))
  const child = spawn('nginx', ['-c', file, '-e', 'stderr'])
  let output = ''
  child.stderr.on('data', (chunk) => {
    output += chunk
  })
  await until(() => {
    if (child.exitCode !== null) throw new Error(`nginx exited with ${child.exitCode}:\n${output}`)
    return isListening(Number(places.httpsPort))
  })
  return {
    output: () => output,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      await exit
    },
  }
}

/** Replaces what is another on this machine, and only that. */
function substitute(text: string, { certificate, httpPort, httpsPort, upstream }: NginxPlaces): string {
  const replacements: readonly [string, string][] = [
    ['listen 80;', `listen 127.0.0.1:${httpPort};`],
    ['listen 443 ssl;', `listen 127.0.0.1:${httpsPort} ssl;`],
    // IPv6, which a machine may not have.
    ['  listen [::]:80;\n', ''],
    ['  listen [::]:443 ssl;\n', ''],
    ['server_name chat.example.org;', 'server_name localhost;'],
    ['/etc/letsencrypt/live/chat.example.org/fullchain.pem', certificate.path],
    ['/etc/letsencrypt/live/chat.example.org/privkey.pem', certificate.keyPath],
    ['127.0.0.1:3000', upstream],
  ]
  return replacements.reduce((result, [from, to]) => {
    if (!result.includes(from)) throw new Error(`nginx.conf does not have ${JSON.stringify(from)}`)
    return result.replaceAll(from, to)
  }, text)
}

/** The main file, which a distribution has, with everything that nginx writes in the folder. */
function surround(text: string, folder: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return [
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    'daemon off;',
    'worker_processes 1;',
    `pid ${folder}/nginx.pid;`,
    'events {}',
    'http {',
    'access_log off;',
    ...temporary.map((name) => `${name}_temp_path ${folder}/nginx-${name};`),
    text,
    '}',
  ].join('\n')
}

function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  }).then((result) => {
    socket.destroy()
    return result as boolean
  })
}
