// What a way to answer carries: said before an answer leaves, in the words of the one who writes it.
import type { Way } from '@api/schema'
import { t } from '@/i18n'
import { size, span } from '@/time'

export type Allowed = Pick<Way['abilities'], 'attachments' | 'max_bytes' | 'max_files' | 'file_types'>
interface Load { name: string; size: number; content_type: string }

/** Where nobody has said what a way carries: what mail commonly takes. */
export const usual: Allowed = { attachments: true, max_bytes: 25 * 1024 * 1024, max_files: 50, file_types: [] }

/** Why this file cannot go along with those; null where it can. */
export function misfit(file: Load, before: readonly { size: number }[], allowed: Allowed): string | null {
  if (!allowed.attachments) return t('file-not-this-way', { name: file.name })
  if (before.length >= allowed.max_files) return t('file-too-many', { n: allowed.max_files })
  if (allowed.file_types.length > 0 && !allowed.file_types.includes(file.content_type)) return t('file-wrong-kind', { name: file.name, kinds: allowed.file_types.join(', ') })
  const all = before.reduce((n, one) => n + one.size, file.size)
  return all > allowed.max_bytes ? t('file-too-big', { name: file.name, most: size(allowed.max_bytes) }) : null
}

/** Of the files of an answer, those that this way does not carry, each with its reason. */
export function misfits(files: readonly Load[], allowed: Allowed): string[] {
  const kept: Load[] = []
  const wrong = new Set<string>()
  for (const file of files) {
    const why = misfit(file, kept, allowed)
    if (why) wrong.add(why)
    else kept.push(file)
  }
  return [...wrong]
}

/** The characters of a text as it is sent without its HTML. */
export function letters(html: string): number {
  const doc = new DOMParser().parseFromString(html.replace(/<br\s*\/?>/gi, '\n').replace(/<\/p>\s*(?=<)/gi, '$&\n\n'), 'text/html')
  return [...(doc.body.textContent ?? '').trim()].length
}

/** How many characters are left, once they are getting few; null before that. */
export function lettersLeft(html: string, most: number | null): number | null {
  // Tags and entities only make it longer: far from the limit nobody needs to look closer.
  if (most === null || html.length < most * 0.9) return null
  const left = most - letters(html)
  return left < Math.min(most * 0.1, 1000) ? left : null
}

/** Whether a plain way would lose something of how it looks. */
export const isDressed = (html: string) => /<(strong|b|em|i|s|ul|ol|blockquote|code|pre)\b/i.test(html)

/** Why this way comes first or cannot be taken, and what it carries. */
export function about(way: Way, now: number): string {
  const { abilities } = way
  const parts = way.blocked
    ? [t(`way-blocked-${way.blocked}`)]
    : [
        (abilities.conversational ? way.to?.name : way.to?.value) ?? '',
        way.usual ? t('way-usual') : '',
        way.here === false ? t('way-not-here') : '',
        way.closes_at ? t('way-closes', { time: span(Date.parse(way.closes_at) - now) }) : '',
        abilities.html ? '' : t('way-text-only'),
        abilities.max_text ? t('way-letters', { n: abilities.max_text }) : '',
        abilities.attachments ? t('way-files', { n: abilities.max_files, most: size(abilities.max_bytes) }) : t('way-no-files'),
      ]
  return parts.filter(Boolean).join(' · ')
}
