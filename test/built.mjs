// Says what to run where nothing is built: an install without its scripts (npm ci --ignore-scripts) leaves that out.
import { existsSync } from 'node:fs';

if (!existsSync(new URL('../dist/cli/main.js', import.meta.url))) {
  console.error(
    'error: the program is not built (npm ci --ignore-scripts leaves that out); run: npm run build',
  );
  process.exit(1);
}
