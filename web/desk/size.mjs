// Fails when the first load of the desk grows too heavy: everything index.html loads eagerly plus one catalogue, gzip.
import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const budget = 300 * 1024
const dist = new URL('./dist/', import.meta.url)
const page = readFileSync(new URL('index.html', dist), 'utf8')
const eager = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((m) => m[1])
const catalogue = readdirSync(new URL('assets/', dist)).filter((f) => /^(en|de)-.*\.js$/.test(f)).map((f) => `assets/${f}`)
const packed = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length

let script = 0
for (const file of eager) {
  const bytes = packed(file)
  if (file.endsWith('.js')) script += bytes
  console.log(`${String(bytes).padStart(8)}  ${file}`)
}
const largest = Math.max(0, ...catalogue.map(packed))
console.log(`${String(largest).padStart(8)}  the larger catalogue`)
script += largest
console.log(`first load: ${(script / 1024).toFixed(1)} KB of compressed JavaScript, ${budget / 1024} KB allowed`)
if (script > budget || script === 0) {
  console.error(script === 0 ? 'nothing found: build the desk first' : 'the first load of the desk is too heavy')
  process.exit(1)
}
