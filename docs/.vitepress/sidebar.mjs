// The sidebar: sidebar.json lists the pages in their order (listedIn: the pages of a folder in the order in which a
// page of it links them), and what is generated follows by its folder. A page is
// called by its first heading.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const docs = fileURLToPath(new URL('..', import.meta.url));
const groups = JSON.parse(readFileSync(new URL('sidebar.json', import.meta.url), 'utf8'));

function entry(page) {
  const heading = /^# (.+)$/m.exec(readFileSync(`${docs}${page}`, 'utf8'))?.[1] ?? page;
  return {
    text: heading.replaceAll('`', ''),
    link: `/${page.replace(/(README|index)\.md$/, '').replace(/\.md$/, '')}`,
  };
}

function linkedFrom(page) {
  const folder = page.replace(/[^/]*$/, '');
  const links = [...readFileSync(`${docs}${page}`, 'utf8').matchAll(/\]\(([\w-]+\.md)\)/g)];
  return [...new Set(links.map(([, name]) => `${folder}${name}`))];
}

const generatedTitles = { 'command-line': 'Commands', library: 'Library', notebooks: 'Notebooks' };

function generated(folder) {
  const directory = `${docs}reference/${folder}`;
  if (!existsSync(directory)) return [];
  const pages = readdirSync(directory, { recursive: true }).filter((name) => name.endsWith('.md'));
  const items = pages
    .filter((name) => name !== 'index.md')
    .map((name) => entry(`reference/${folder}/${name}`));
  items.sort((one, other) => one.text.localeCompare(other.text));
  const link = { text: generatedTitles[folder], link: `/reference/${folder}/` };
  return [items.length === 0 ? link : { ...link, collapsed: true, items }];
}

export const sidebar = groups.map(
  ({ title, pages, listedIn, collapsed = false, generated: folders = [] }) => ({
    text: title,
    collapsed,
    items: [
      ...[...pages, ...(listedIn === undefined ? [] : linkedFrom(listedIn))].map(entry),
      ...folders.flatMap(generated),
    ],
  }),
);
