// The server says in English what is wrong. Its sentences are found again in the catalogues by their own letters,
// so that a sentence nobody has translated yet is shown as it came.
import { tOr, type Args } from './i18n'

const number = /\d+(?:,\d{3})*(?!\w)/g

/** `must have 1 to 60 characters` is `must-have-n-to-n-characters`. */
const slug = (sentence: string) =>
  sentence.toLowerCase().replace(/\d[\d,.]*/g, 'n').replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 64).replace(/-+$/, '')

export function said(sentence: string): string {
  const numbers = sentence.match(number) ?? []
  const args: Args = Object.fromEntries(['a', 'b', 'c'].map((name, i) => [name, numbers[i] === undefined ? '' : Number(numbers[i].replace(/,/g, ''))]))
  return tOr(`server-${slug(sentence)}`, sentence, args)
}
