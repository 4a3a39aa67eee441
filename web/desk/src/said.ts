// The server says in English what is wrong. Its sentences are found again in the catalogues by their own letters,
// so that a sentence nobody has translated yet is shown as it came.
import { tOr, type Args } from './i18n'
import { shapes } from './shapes'

const number = /\d+(?:,\d{3})*(?!\w)/g

/** `must have 1 to 60 characters` is `must-have-n-to-n-characters`. */
const slug = (sentence: string) =>
  sentence.toLowerCase().replace(/\d[\d,.]*/g, 'n').replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 64).replace(/-+$/, '')

const hole = /\{(\w)(?::(\w+))?\}/g
const bare = (sentence: string) => sentence.replace(/\.$/, '')

/** `{x} has no such action` finds `Medusa has no such action.`, and knows whose name that is. */
function shaped(shape: string) {
  const holes = [...shape.matchAll(hole)].map(([, name, kind]) => ({ name: name!, kind }))
  const parts = shape.split(/\{[^}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return { key: `server-${slug(shape.replace(hole, '$1'))}`, holes, pattern: new RegExp(`^${parts.join('([\\s\\S]+?)')}$`) }
}
let known: ReturnType<typeof shaped>[] | null = null

function inside(text: string, kind: string | undefined): string {
  if (kind === 'said') return said(text)
  return kind ? tOr(`${kind}-${text.replace(/ /g, '_')}`, text) : text
}

function byShape(sentence: string): string | null {
  known ??= shapes.map(shaped)
  const plain = bare(sentence)
  for (const { key, holes, pattern } of known) {
    const found = pattern.exec(plain)
    if (found) return tOr(key, sentence, Object.fromEntries(holes.map(({ name, kind }, i) => [name, inside(found[i + 1]!, kind)])))
  }
  return null
}

export function said(sentence: string): string {
  const numbers = sentence.match(number) ?? []
  const args: Args = Object.fromEntries(['a', 'b', 'c'].map((name, i) => [name, numbers[i] === undefined ? '' : Number(numbers[i].replace(/,/g, ''))]))
  const exact = tOr(`server-${slug(sentence)}`, '', args)
  const found = exact || byShape(sentence)
  if (found) return found
  // Several that were put together.
  const parts = sentence.split(/(?<=\.)\s+(?=\p{Lu})/u)
  return parts.length > 1 ? parts.map(said).join(' ') : sentence
}
