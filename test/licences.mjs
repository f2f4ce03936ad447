// Puts the licences and notices of the packages that are in a bundle beside it, as licences.txt.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Plugins for the bundles of one folder: `notePackages` notes what each holds, `licences` writes the file with the last one. */
export function bundleLicences() {
  /** Folders of the packages of which something is in a bundle. */
  const packages = new Set();
  const notePackages = () => ({
    name: 'note-packages',
    generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        for (const id of chunk.moduleIds ?? []) {
          const [folder] = /^[^\0].*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id) ?? [];
          if (folder !== undefined) packages.add(folder);
        }
      }
    },
  });
  const licences = () => ({
    name: 'licences',
    enforce: 'post',
    generateBundle() {
      const texts = [...packages].sort().map((folder) => {
        const about = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
        const files = readdirSync(folder).filter((file) => /^(?:licen[cs]e|notice)/i.test(file));
        if (files.length === 0) this.error(`${about.name} comes without its licence`);
        const own = files.map((file) => readFileSync(path.join(folder, file), 'utf8').trim());
        return [`${about.name} ${about.version} (${about.license})`, ...own].join('\n\n');
      });
      const source = `${texts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
      this.emitFile({ type: 'asset', fileName: 'licences.txt', source });
    },
  });
  return { notePackages, licences };
}
