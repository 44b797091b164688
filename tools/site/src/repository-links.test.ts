import { expect, it } from 'vitest'
import { REPOSITORY, siteLink, slugify } from './repository-links.js'

const PAGES = new Set(['README.md', 'docs/README.md', 'docs/deploy.md', 'packages/core/README.md'])

it.each([
  ['docs/deploy.md', 'README.md', 'docs/deploy.md'],
  ['../packages/core/README.md#use', 'docs/deploy.md', '../packages/core/index.md#use'],
  ['../packages/core/', 'docs/deploy.md', '../packages/core/index.md'],
  ['#settings', 'README.md', '#settings'],
  ['https://example.org/a.md', 'README.md', 'https://example.org/a.md'],
  ['../.env.example', 'docs/deploy.md', `${REPOSITORY}/blob/main/.env.example`],
  ['../examples', 'docs/deploy.md', `${REPOSITORY}/tree/main/examples`],
  ['missing.md', 'docs/deploy.md', 'missing.md'],
])('siteLink() leads to a page, else to the repository: %s on %s', (href, page, expected) => {
  expect(siteLink(href, page, PAGES)).toBe(expected)
})

it.each([
  ['Bad input & the response: `a_b`', 'bad-input--the-response-a_b'],
  ['Größe', 'größe'],
])('slugify() makes the fragment that GitHub makes: %s', (heading, expected) => {
  expect(slugify(heading)).toBe(expected)
})
