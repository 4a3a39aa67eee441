// What the server says about the shop's widget. Fields of a younger server may be missing.
import type { Language } from './language'

export interface Question {
  key: string
  label: string
  kind: 'text' | 'email' | 'choice'
  choices: string[]
  required: boolean
}

export interface Look {
  shop: string
  language: string
  colour: string
  side: 'end' | 'start'
  greetings: Record<string, string>
  /** Null where the server does not say. `minutes` is the usual time until an answer. */
  answers: { open: boolean; opensAt: string | null; minutes: number | null } | null
  questions: Question[]
  faces: string[]
  /** Null where none are taken. */
  files: { maxBytes: number; types: string[] } | null
  /** Whether the shop reads what is not said yet. */
  preview: boolean
}

type Loose = Record<string, unknown>
const object = (value: unknown): Loose => (value && typeof value === 'object' && !Array.isArray(value) ? (value as Loose) : {})
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

export function read(answer: unknown): Look {
  const raw = object(answer)
  const look = object(raw.look)
  const of = (name: string) => raw[name] ?? look[name]
  const answers = of('answers') === undefined ? null : object(of('answers'))
  const files = of('files') ? object(of('files')) : null
  const greetings: Record<string, string> = {}
  for (const [language, said] of Object.entries(object(look.greeting))) greetings[language] = text(said)
  for (const [language, texts] of Object.entries(object(of('texts')))) greetings[language] = text(object(texts).greeting) || greetings[language] || ''
  return {
    shop: text(raw.shop),
    language: text(raw.language),
    colour: text(look.colour),
    side: look.side === 'start' ? 'start' : 'end',
    greetings,
    answers: answers && {
      open: answers.open !== false,
      opensAt: text(answers.opens_at) || null,
      minutes: typeof answers.minutes === 'number' ? answers.minutes : null,
    },
    questions: list(of('questions')).map(object).map((one) => ({
      key: text(one.key),
      label: text(one.label),
      kind: one.kind === 'email' || one.kind === 'choice' ? one.kind : 'text',
      choices: list(one.choices).map(text),
      required: one.required === true,
    })),
    faces: list(of('faces')).map((face) => text(object(face).name)).filter(Boolean).slice(0, 3),
    files: files && Number(files.max_bytes) > 0 ? { maxBytes: Number(files.max_bytes), types: list(files.types).map(text) } : null,
    preview: look.typing_preview === true,
  }
}

/** How the shop greets in this language, in its own, or in any. */
export function greeting(look: Look | null, language: Language): string {
  return look?.greetings[language] || ''
}
