import { expect, it } from 'vitest'
import { type FakePage, openFakePage } from '../testing/fake-page.js'
import { clearFieldErrors, showFieldError } from './field-errors.js'

const openForm = (page: FakePage): HTMLFormElement => {
  const sender = page.element('sender')
  const form = {
    elements: { namedItem: (name: string) => (name === 'sender' ? sender : null) },
    querySelectorAll: () => (sender.getAttribute('aria-invalid') ? [sender] : []),
  }
  return form as unknown as HTMLFormElement
}

it('showFieldError() shows the message at the field and focuses it; clearFieldErrors() removes it', () => {
  const page = openFakePage()
  const form = openForm(page)
  const [sender, note] = [page.element('sender'), page.element('sender-error')]
  note.hidden = true
  const error = { code: 'invalid', message: 'sender is blank.', field: 'sender' }
  expect(showFieldError(form, error)).toBe(true)
  expect(note).toMatchObject({ textContent: 'sender is blank.', hidden: false })
  expect(sender.getAttribute('aria-invalid')).toBe('true')
  expect(sender.focus).toHaveBeenCalled()

  clearFieldErrors(form)
  expect(note.hidden).toBe(true)
  expect(sender.getAttribute('aria-invalid')).toBeNull()
})

it.each(['other', undefined])(
  'showFieldError() returns false for a field that the form lacks: %s',
  (field) => {
    const form = openForm(openFakePage())
    expect(showFieldError(form, { code: 'invalid', message: 'No.', ...(field && { field }) })).toBe(false)
  },
)
