import { basicCredential } from './git-environment.js'

/** A function that takes a secret out of a text, in every form in which it may have got there. */
export function createRedactor(token: string | undefined): (text: string) => string {
  if (token === undefined) return (text) => text
  const forms = [token, encodeURIComponent(token), basicCredential(token)]
  return (text) => forms.reduce((cleaned, form) => cleaned.replaceAll(form, '[redacted]'), text)
}
