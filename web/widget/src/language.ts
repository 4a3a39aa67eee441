// The languages of the widget, and which of them to speak.

export const languages = ['en', 'de', 'fr', 'es', 'sv', 'ar'] as const
export type Language = (typeof languages)[number]

export const direction = (language: string) => (language === 'ar' ? 'rtl' : 'ltr')

/** The language of a tag such as `de-AT`, if it is one of ours. */
export function ours(tag: unknown): Language | undefined {
  const first = typeof tag === 'string' ? tag.toLowerCase().split(/[-_]/)[0] : ''
  return languages.find((one) => one === first)
}

/** The first of these tags that we speak. */
export function choose(tags: readonly unknown[]): Language {
  for (const tag of tags) {
    const found = ours(tag)
    if (found) return found
  }
  return 'en'
}

/** What the page and its browser ask for: the script's line, then the page, then the browser. */
export const asked = (said: string | undefined) => [said, document.documentElement.lang, ...(navigator.languages ?? [])]
