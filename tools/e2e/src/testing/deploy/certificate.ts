import { execFileSync } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A certificate of `localhost`, signed by itself. */
export interface Certificate {
  readonly path: string
  readonly keyPath: string
  readonly pem: string
  /** What names its key to `--ignore-certificate-errors-spki-list` of Chromium. */
  readonly keyDigest: string
}

const REQUEST = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
const SUBJECT = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2']

/** Makes a certificate and its key in a folder. */
export function makeCertificate(folder: string): Certificate {
  const path = join(folder, 'certificate.pem')
  const keyPath = join(folder, 'key.pem')
  execFileSync('openssl', [...REQUEST, ...SUBJECT, '-out', path, '-keyout', keyPath], { stdio: 'pipe' })
  const pem = readFileSync(path, 'utf8')
  const key = new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' })
  return { path, keyPath, pem, keyDigest: createHash('sha256').update(key).digest('base64') }
}
