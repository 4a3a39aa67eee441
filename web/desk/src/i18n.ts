// All texts come from Fluent catalogues (locales/*.ftl). t() in a template follows a change of language by itself.
import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle'
import { computed, shallowRef } from 'vue'

const catalogues = import.meta.glob<string>('../locales/*.ftl', { query: '?raw', import: 'default' })

export const languages = ['en', 'de'] as const
export type Language = (typeof languages)[number]

/** English, laid out from right to left. Nobody is offered it; whoever builds or tests the desk sets it as a language. */
export const mirror = 'ar-XB'
const fromTheRight = new Set(['ar', 'ckb', 'dv', 'fa', 'he', 'ps', 'sd', 'ug', 'ur', 'yi'])

export type Direction = 'ltr' | 'rtl'
export const directionOf = (tag: string): Direction => (fromTheRight.has(tag.toLowerCase().split('-')[0]!) ? 'rtl' : 'ltr')

const bundle = shallowRef(new FluentBundle('en'))
const chosen = shallowRef<Language>('en')
const wished = shallowRef('')
export const language = computed(() => chosen.value)
export const direction = shallowRef<Direction>('ltr')

/** The language with the country it is spoken in, because that decides how days, clocks and money are written. */
export const locale = computed(() => {
  const spokenAs = [wished.value, ...(typeof navigator === 'undefined' ? [] : navigator.languages)]
  return spokenAs.find((tag) => tag.includes('-') && nearest(tag) === chosen.value && tag.toLowerCase().startsWith(chosen.value)) ?? (chosen.value === 'en' ? 'en-GB' : chosen.value)
})

export function nearest(wish: string | null | undefined): Language {
  const short = (wish ?? '').toLowerCase().split('-')[0]
  return languages.find((l) => l === short) ?? 'en'
}

export async function speak(wish: string | null | undefined): Promise<void> {
  const to = nearest(wish)
  const text = await catalogues[`../locales/${to}.ftl`]!()
  wished.value = wish ?? ''
  use(to, text, wish === mirror ? 'rtl' : directionOf(to))
}

/** Takes a catalogue as text; tests call it directly. */
export function use(to: Language, text: string, side: Direction = directionOf(to)): void {
  const next = new FluentBundle(to, { useIsolating: false })
  next.addResource(new FluentResource(text))
  bundle.value = next
  chosen.value = to
  direction.value = side
  document.documentElement.lang = to
  document.documentElement.dir = side
}

/** Keeps a name together with the marks that belong to it, whatever stands around it. */
export const apart = (text: string) => `\u2068${text}\u2069`

const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFEFC]/
const leftToRight = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u

/** Names written the other way round are isolated, so that they do not turn the sentence around them. */
function isolate(name: string, value: FluentVariable): FluentVariable {
  // Who did it is no word of the sentence but chooses between sentences.
  if (name === 'by') return value
  const other = direction.value === 'rtl' ? leftToRight : rightToLeft
  return typeof value === 'string' && other.test(value) ? apart(value) : value
}

export type Args = Record<string, FluentVariable | null | undefined>

export function t(key: string, args: Args = {}): string {
  const message = bundle.value.getMessage(key)
  if (!message?.value) return key
  const safe: Record<string, FluentVariable> = {}
  // A ticket's number is a name: it has no thousands.
  for (const [name, value] of Object.entries(args)) safe[name] = isolate(name, (name === 'number' || name === 'into' ? String(value ?? '') : value) ?? '')
  return bundle.value.formatPattern(message.value, safe, [])
}

/** A text that may be missing, for words the server invents (a job's name, an event's kind). */
export function tOr(key: string, other: string, args: Args = {}): string {
  return bundle.value.hasMessage(key) ? t(key, args) : other
}
