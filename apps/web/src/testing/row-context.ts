import { vi } from 'vitest'
import type { ApiClient } from '../api/api-client.js'
import type { RowContext } from '../tester/row/row-context.js'

/** A context whose sender is `ada`, with the given methods of the client. */
export function openRowContext(client: Partial<ApiClient> = {}, sender = 'ada') {
  return {
    client: client as ApiClient,
    announce: vi.fn(),
    sender: () => sender,
    askForSender: vi.fn(),
    onChanged: vi.fn(),
    onReply: vi.fn(),
    onDelete: vi.fn(),
    canReport: () => false,
    report: vi.fn(),
  } satisfies RowContext
}

/** A result of the client. */
export const success = <Value>(value: Value, next: string | null = null) => ({
  kind: 'success' as const,
  value,
  next,
  position: null,
})

/** A response that reports an error. */
export const httpError = (status: number, code: string, field?: string) => ({
  kind: 'http-error' as const,
  status,
  error: { code, message: `${code}.`, ...(field && { field }) },
})
