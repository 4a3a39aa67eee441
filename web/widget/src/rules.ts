// Rules by which the shop speaks first. Whether one fits is found out on the page; where the visitor is goes nowhere.

export interface Amount {
  /** In the smallest unit of the currency. */
  value: number
  currency: string
}

export interface Rule {
  id: number
  conditions: {
    pages: { how: 'contains' | 'begins' | 'pattern'; value: string }[]
    seconds: number
    cart: Amount | null
    known: boolean
    visits: number
    hours: 'always' | 'open' | 'staffed'
    languages: string[]
  }
  texts: Record<string, string>
  /** Whose face it wears; null for the shop's. */
  name: string | null
  every_days: number
}

/** What a page knows of its visitor. */
export interface Here {
  path: string
  seconds: number
  cart: Amount | null
  known: boolean
  visits: number
  open: boolean
  staffed: boolean
  language: string
}

/** One that is to be shown. */
export interface Greeting {
  id: number
  language: string
  text: string
  name: string | null
}

const base = (tag: string) => tag.toLowerCase().split('-')[0]

export function fits({ conditions: wanted }: Rule, here: Here): boolean {
  const { pages, cart, languages } = wanted
  if (here.seconds < wanted.seconds || here.visits < wanted.visits || (wanted.known && !here.known)) return false
  if ((wanted.hours === 'open' && !here.open) || (wanted.hours === 'staffed' && !here.staffed)) return false
  if (cart && !(here.cart && here.cart.currency === cart.currency && here.cart.value >= cart.value)) return false
  if (languages.length > 0 && !languages.some((tag) => base(tag) === base(here.language))) return false
  return pages.length === 0 || pages.some(({ how, value }) => (how === 'contains' ? here.path.includes(value) : how === 'begins' ? here.path.startsWith(value) : matches(value, here.path)))
}

/** Whether a pattern fits all of a text; `*` stands for anything. Never slower than their lengths multiplied. */
export function matches(pattern: string, text: string): boolean {
  let [p, t, star, from] = [0, 0, -1, 0]
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++
      from = t
    } else if (pattern[p] === text[t]) {
      p++
      t++
    } else if (star >= 0) {
      p = star + 1
      t = ++from
    } else return false
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}

/** The text in the first of these languages that has one, else in any. */
export function pick({ id, texts, name }: Rule, wanted: string[]): Greeting | null {
  const tags = Object.keys(texts)
  const best = (tag: string) => tags.find((one) => one.toLowerCase() === tag.toLowerCase()) ?? tags.find((one) => base(one) === base(tag))
  const language = wanted.map(best).find(Boolean) ?? tags[0]
  return language ? { id, language, text: texts[language]!, name } : null
}
