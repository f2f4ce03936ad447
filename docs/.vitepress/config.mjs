import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { equationLabels, maths } from './markdown/maths.mjs';
import { equationCitations } from './markdown/citations.mjs';
import { siteLinks } from './markdown/links.mjs';
import { unbrokenCode, unbrokenFormulas } from './markdown/unbroken.mjs';
import { sidebar } from './sidebar.mjs';

/** Address of the repository, where package.json has one. */
const { repository } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const repositoryAddress = (typeof repository === 'string' ? repository : repository?.url)
  ?.replace(/^git\+/, '')
  .replace(/\.git$/, '');

const docs = fileURLToPath(new URL('..', import.meta.url));

export default defineConfig({
  title: 'cfg-dmft',
  description: 'Dynamical mean-field theory of guided diffusion',
  lang: 'en',
  // The path below which the site is served.
  base: process.env.DOCS_BASE ?? '/',
  head: [
    // An empty icon: browsers ask for one.
    ['link', { rel: 'icon', href: 'data:,' }],
  ],
  cacheDir: './node_modules/.cache/vitepress',
  rewrites: (id) => id.replace(/(^|\/)README\.md$/, '$1index.md'),
  ignoreDeadLinks: false,
  metaChunk: true,
  markdown: {
    attrs: { disable: true },
    theme: { light: 'github-light', dark: 'github-dark' },
    config(markdown) {
      markdown.use(maths).use(equationLabels).use(siteLinks(docs)).use(equationCitations(docs));
      markdown.use(unbrokenCode).use(unbrokenFormulas);
    },
  },
  vite: { build: { chunkSizeWarningLimit: 4000 } },
  themeConfig: {
    sidebar,
    outline: [2, 3],
    nav: [
      { text: 'Quick start', link: '/quick-start' },
      { text: 'Theory', link: '/theory/' },
      { text: 'Commands', link: '/reference/command-line/' },
      { text: 'Library', link: '/reference/library/' },
      { text: 'Notebooks', link: '/reference/notebooks/' },
      // A page of its own, which the site's router does not know.
      { text: 'Explorer', link: '/explorer/index.html', target: '_self' },
    ],
    ...(repositoryAddress === undefined
      ? {}
      : { socialLinks: [{ icon: 'github', link: repositoryAddress, ariaLabel: 'Repository' }] }),
    search: {
      provider: 'local',
      options: {
        // Theory and tutorials come before the long lists of the library.
        miniSearch: {
          searchOptions: { boostDocument: (id) => (id.includes('/reference/library/') ? 0.2 : 1) },
        },
        // What is searched has its maths as TeX.
        _render: (source, environment, markdown) =>
          markdown.render(source, Object.assign(environment, { plainMaths: true })),
      },
    },
    docFooter: { prev: 'Previous', next: 'Next' },
  },
});
