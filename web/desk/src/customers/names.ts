// What people are called where nobody knows their name; and names of languages, from locale data.
import { language, t } from '@/i18n'

/** Who has no name is called by the identity of their browser. Its beginning is enough to tell two of them apart. */
const anonymous = /^visitor-([0-9a-f]{4})[0-9a-f]{12}$/

export function personName(name: string | null | undefined): string {
  const [, short] = anonymous.exec(name ?? '') ?? []
  return short ? t('customer-visitor', { n: short.toUpperCase() }) : name || t('customer-unknown')
}
/** What is looked for when somebody types what a person without a name is shown as. */
export function asStored(typed: string): string {
  const word = t('customer-visitor', { n: '' }).trim().toLowerCase()
  const [first = '', ...rest] = typed.trim().split(/\s+/)
  return first.toLowerCase() === word && /^[0-9a-f]{0,4}$/i.test(rest.join('')) ? `visitor-${rest.join('').toLowerCase()}` : typed.trim()
}

export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames([language.value], { type: 'language' }).of(code) ?? code
  } catch {
    return code
  }
}
export const ownName = (code: string): string => {
  const name = new Intl.DisplayNames([code], { type: 'language' }).of(code) ?? code
  return name.charAt(0).toLocaleUpperCase(code) + name.slice(1)
}
export const commonLanguages = ['en', 'de', 'nb', 'sv', 'da', 'fi', 'fr', 'es', 'it', 'nl', 'pl', 'pt', 'cs', 'ar', 'tr', 'uk']
