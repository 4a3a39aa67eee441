// All texts come from Fluent catalogues (locales/*.ftl). t() in a template follows a change of language by itself.
import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle'
import { computed, shallowRef } from 'vue'

const catalogues = import.meta.glob<string>('../locales/*.ftl', { query: '?raw', import: 'default' })

export const languages = ['en', 'de'] as const
export type Language = (typeof languages)[number]

const bundle = shallowRef(new FluentBundle('en'))
const chosen = shallowRef<Language>('en')
export const language = computed(() => chosen.value)

export function nearest(wish: string | null | undefined): Language {
  const short = (wish ?? '').toLowerCase().slice(0, 2)
  return languages.find((l) => l === short) ?? 'en'
}

export async function speak(wish: string | null | undefined): Promise<void> {
  const to = nearest(wish)
  const text = await catalogues[`../locales/${to}.ftl`]!()
  use(to, text)
}

/** Takes a catalogue as text; tests call it directly. */
export function use(to: Language, text: string): void {
  const next = new FluentBundle(to, { useIsolating: false })
  next.addResource(new FluentResource(text))
  bundle.value = next
  chosen.value = to
  document.documentElement.lang = to
}

const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFEFC]/

/** Names written from right to left are isolated, so that they do not turn the sentence around them. */
function isolate(value: FluentVariable): FluentVariable {
  return typeof value === 'string' && rightToLeft.test(value) ? `\u2068${value}\u2069` : value
}

export type Args = Record<string, FluentVariable | null | undefined>

export function t(key: string, args: Args = {}): string {
  const message = bundle.value.getMessage(key)
  if (!message?.value) return key
  const safe: Record<string, FluentVariable> = {}
  // A ticket's number is a name: it has no thousands.
  for (const [name, value] of Object.entries(args)) safe[name] = isolate((name === 'number' || name === 'into' ? String(value ?? '') : value) ?? '')
  return bundle.value.formatPattern(message.value, safe, [])
}

/** A text that may be missing, for words the server invents (a job's name, an event's kind). */
export function tOr(key: string, other: string, args: Args = {}): string {
  return bundle.value.hasMessage(key) ? t(key, args) : other
}
