import { checkInteger, checkName, checkText, checkTime } from '../arguments.js'
import type { ImportedMessage, NewMessage } from '../store.js'

/** @throws StoreError `invalid-argument` */
export function checkNewMessage(message: NewMessage): void {
  checkFields(message)
  if (!message.idempotency) return
  checkName('idempotency.key', message.idempotency.key)
  checkText('idempotency.fingerprint', message.idempotency.fingerprint)
}

/** @throws StoreError `invalid-argument` */
export function checkImportedMessage(message: ImportedMessage): void {
  checkFields(message)
  checkName('path', message.path)
  checkName('git_hash', message.git_hash)
  checkInteger('origin_id', message.origin_id, { least: 1, most: Number.MAX_SAFE_INTEGER })
}

function checkFields(message: Omit<ImportedMessage, 'path' | 'origin_id' | 'git_hash'>): void {
  checkName('uid', message.uid)
  checkText('content', message.content)
  checkText('sender', message.sender)
  checkTime('timestamp', message.timestamp)
  checkTime('created_at', message.created_at)
  checkTime('updated_at', message.updated_at)
}
