import { expect, it, vi } from 'vitest'
import { createGate } from './gate.js'
import { toStoreError } from './store-error.js'

it('guard() passes arguments and the result through', async () => {
  const { guard } = createGate(toStoreError)
  expect(await guard(async (left: number, right: number) => left + right)(1, 2)).toBe(3)
})

it('guard() turns any error into a StoreError with the original as its cause', async () => {
  const { guard } = createGate(toStoreError)
  const cause = new Error('broken')
  const failed = { name: 'StoreError', code: 'failed', cause }
  await expect(guard(() => Promise.reject(cause))()).rejects.toMatchObject(failed)
})

it('close() waits for running calls, also failing ones, and finishes once', async () => {
  const { guard, close } = createGate(toStoreError)
  const events: string[] = []
  const slow = guard(async () => {
    await new Promise((resolve) => setTimeout(resolve, 20))
    events.push('call')
  })
  const calls = [slow(), guard(() => Promise.reject(new Error('broken')))().catch(() => {})]
  const finish = vi.fn(async () => void events.push('finish'))
  await Promise.all([close(finish), close(finish), ...calls])
  expect(events).toEqual(['call', 'finish'])
})

it('guard() rejects calls after close() without running them', async () => {
  const { guard, close } = createGate(toStoreError)
  await close(async () => {})
  const operation = vi.fn()
  await expect(guard(operation)()).rejects.toMatchObject({ name: 'StoreError', code: 'closed' })
  expect(operation).not.toHaveBeenCalled()
})
