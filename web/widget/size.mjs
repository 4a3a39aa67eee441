// Fails when what a shop's page loads grows too heavy: the loader for itself, and everything together, gzip.
import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const budgets = { loader: 6 * 1024, everything: 45 * 1024 }
const dist = new URL('./dist/', import.meta.url)
const packed = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length

const files = ['widget.js', ...readdirSync(new URL('widget/', dist)).map((name) => `widget/${name}`)]
let everything = 0
for (const file of files) {
  const bytes = packed(file)
  everything += bytes
  console.log(`${String(bytes).padStart(8)}  ${file}`)
}
const loader = packed('widget.js')
const told = (name, bytes) => `${name}: ${(bytes / 1024).toFixed(1)} KB compressed, ${budgets[name] / 1024} KB allowed`
console.log(`${told('loader', loader)}; ${told('everything', everything)}, six languages with it`)
const others = files.filter((file) => /widget\/(panel|en|de|fr|es|sv|ar)-[\w-]+\.js$/.test(file))
if (others.length < 7) {
  console.error(`the panel and its six languages should be there, not only ${files.join(', ')}`)
  process.exit(1)
}
if (loader > budgets.loader || everything > budgets.everything) {
  console.error('the widget is too heavy')
  process.exit(1)
}
