import { defineConfig } from 'vite';

/** A static site: relative addresses, so that any web server and any folder will do. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  build: {
    outDir: '../../dist/explorer',
    emptyOutDir: true,
    target: 'es2022',
    // The polyfill would fetch; the page asks for nothing after load.
    modulePreload: { polyfill: false },
    rolldownOptions: { checks: { bundlerTimings: false } },
    // Plotly, loaded for exports only, is one large chunk.
    chunkSizeWarningLimit: 6000,
  },
  worker: { format: 'es' },
});
