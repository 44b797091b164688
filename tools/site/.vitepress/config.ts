import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { defineConfig } from 'vitepress'
import { publishMarkdown } from '../src/llms.js'
import { ROOT, readSections } from '../src/pages.js'
import { linkWithinRepository, REPOSITORY, slugify, toIndex } from '../src/repository-links.js'

/** Where the workflow publishes the site. */
const URL = 'https://gitmsg.github.io/gitmsg/'

const sections = readSections()
const pages = new Set(sections.flatMap((section) => section.pages.map(({ path }) => path)))

/** Pages become Vue components, but the root of the repository has no Vue. */
const vitepress = createRequire(import.meta.url).resolve('vitepress/package.json')
const vue = dirname(createRequire(vitepress).resolve('vue/package.json'))
const alias = [
  { find: /^vue\/server-renderer$/, replacement: join(vue, 'server-renderer/index.mjs') },
  { find: /^vue$/, replacement: join(vue, 'dist/vue.runtime.esm-bundler.js') },
]

export default defineConfig({
  title: 'gitmsg',
  description: 'A messaging service whose history is a Git repository',
  lang: 'en',
  // Without one, browsers request a favicon that does not exist.
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  base: '/gitmsg/',
  // The files are read where they are.
  srcDir: ROOT,
  srcExclude: ['**/CHANGELOG.md', '**/*.api.md', '**/testing/**', '**/data/**', 'tools/**'],
  outDir: 'dist',
  cacheDir: 'node_modules/.cache/vitepress',
  rewrites: toIndex,
  vite: { resolve: { alias } },
  markdown: {
    languageAlias: { crontab: 'sh' },
    anchor: { slugify },
    config: (markdown) => linkWithinRepository(markdown, pages),
  },
  themeConfig: {
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: REPOSITORY }],
    outline: [2, 3],
    sidebar: sections
      .filter((section) => section.pages.length > 0)
      .map((section) => ({
        text: section.title,
        collapsed: section.pages.length > 12,
        items: section.pages.map(({ title, address }) => ({
          text: title.replaceAll('`', ''),
          link: `/${address}`,
        })),
      })),
  },
  sitemap: { hostname: URL },
  buildEnd: ({ outDir }) => publishMarkdown(sections, URL, outDir),
})
