// Two builds: the panel, whose files are named by their content, then the loader, which knows the panel's name.
import { rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))
const common = { configFile: false, root: at('.'), logLevel: 'warn' }
const options = { target: 'es2020', copyPublicDir: false, emptyOutDir: false, minify: true, reportCompressedSize: false }

rmSync(at('dist'), { recursive: true, force: true })
const [{ output }] = await build({
  ...common,
  build: {
    ...options,
    outDir: at('dist/widget'),
    lib: { entry: at('src/panel.ts'), formats: ['es'] },
    rolldownOptions: { output: { minify: true, entryFileNames: 'panel-[hash].js', chunkFileNames: '[name]-[hash].js' } },
  },
})
const panel = output.find((file) => file.isEntry).fileName
// For loaders older than the panel: they are kept by browsers for some minutes after an upgrade.
writeFileSync(at('dist/widget/panel.js'), `export * from './${panel}'\n`)

await build({
  ...common,
  define: { __PANEL__: JSON.stringify(`widget/${panel}`) },
  build: {
    ...options,
    outDir: at('dist'),
    lib: { entry: at('src/loader.ts'), formats: ['iife'], name: 'shopbellLoader', fileName: () => 'widget.js' },
  },
})
