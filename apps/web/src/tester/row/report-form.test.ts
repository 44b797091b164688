import { expect, it, vi } from 'vitest'
import type { AccountClient } from '../../api/account-client.js'
import { type FakeElement, openFakePage } from '../../testing/fake-page.js'
import { httpError, openRowContext, success } from '../../testing/row-context.js'
import { sampleMessage } from '../../testing/sample-message.js'
import { createMessageRow } from './message-row.js'

type ReportResult = Awaited<ReturnType<AccountClient['report']>>

/** A row whose message has been reported, or not, with these results. */
function openRow(...results: object[]) {
  openFakePage()
  const report = vi.fn(async () => results.shift() as ReportResult)
  const context = { ...openRowContext(), canReport: () => true, report }
  const row = createMessageRow(context)
  row.update(sampleMessage(), {})
  const element = row.element as unknown as FakeElement
  const copy = vi.spyOn(document, 'importNode')
  element.part('report').click()
  const form = copy.mock.results.at(-1)?.value.firstElementChild as FakeElement
  Object.assign(form, { querySelectorAll: () => [] })
  form.part('reported').hidden = true
  const submit = async (reason: string) => {
    form.part('report-reason').value = reason
    form.dispatchEvent(new Event('submit', { cancelable: true }))
    await vi.waitFor(() => expect(form.part('submit').getAttribute('aria-disabled')).toBeNull())
  }
  return { element, form, context, report, submit }
}

it('reports the message with the reason, and confirms it', async () => {
  const { form, context, report, submit } = openRow(success({}))
  await submit(' Spam ')
  expect(report.mock.calls).toEqual([[1, 'Spam']])
  expect(['submit', 'report-field', 'reported'].map((part) => form.part(part).hidden)).toEqual([
    ...[true, true, false],
  ])
  expect(form.part('close').focus).toHaveBeenCalled()
  expect(context.announce).toHaveBeenCalledWith('Message 1 is reported')
})

it('stays as it is if the report fails, and can be sent again', async () => {
  const { form, report, submit } = openRow(httpError(429, 'too_many_reports'), success({}))
  await submit('Spam')
  expect(form.part('problem').textContent).toBe('too_many_reports.')
  expect(form.part('reported').hidden).toBe(true)
  await submit('Spam')
  expect(report).toHaveBeenCalledTimes(2)
  expect(form.part('reported').hidden).toBe(false)
})

it('closes, and leaves the focus at its button', () => {
  const { element, form } = openRow()
  form.part('close').click()
  expect(element.part('report').focus).toHaveBeenCalled()
  expect(element.part('report').getAttribute('aria-expanded')).toBe('false')
})

it.each([
  ['without an account', false, {}],
  ['of a deleted message', true, { version: 2, deleted: true, content: null } as const],
])('is not offered %s', (_, canReport, changes) => {
  openFakePage()
  const row = createMessageRow({ ...openRowContext(), canReport: () => canReport })
  row.update(sampleMessage(changes), {})
  expect((row.element as unknown as FakeElement).part('report').hidden).toBe(true)
})
