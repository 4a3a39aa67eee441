// Names of languages in the language of the desk, from locale data.
import { language } from '@/i18n'

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
