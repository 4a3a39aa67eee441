// A greeting as a form asks for it, and its conditions as a sentence.
import type { Greeting } from '@api/schema'
import { languageName } from '@/customers/names'
import { t } from '@/i18n'
import { money } from '@/time'

export type Conditions = Greeting['conditions']
export type PageRule = Conditions['pages'][number]
export interface Shape {
  name: string
  active: boolean
  pages: PageRule[]
  seconds: number
  /** As people write it: `50.00`. */
  amount: string
  currency: string
  known: boolean
  visits: number
  hours: Conditions['hours']
  languages: string
  texts: { language: string; text: string }[]
  face: number | null
  every_days: number
}

/** Places after the point, as ISO 4217 has them. */
const places = (currency: string): number => {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  } catch {
    return 2
  }
}
/** In the smallest unit; NaN for what is no amount. */
export function inUnits(amount: string, currency: string): number {
  const plain = amount.trim().replace(/\s/g, '').replace(',', '.')
  return /^\d+(\.\d+)?$/.test(plain) ? Math.round(Number(plain) * 10 ** places(currency)) : NaN
}
export const inCoins = (value: number, currency: string): string => (value / 10 ** places(currency)).toFixed(places(currency))

export function shape(one: Greeting | null, language: string, currency: string): Shape {
  const c = one?.conditions
  return {
    name: one?.name ?? '', active: one?.active ?? true, pages: (c?.pages ?? []).map((page) => ({ ...page })), seconds: c?.seconds ?? 30,
    amount: c?.cart ? inCoins(c.cart.value, c.cart.currency) : '', currency: c?.cart?.currency ?? currency,
    known: c?.known ?? false, visits: c?.visits ?? 0, hours: c?.hours ?? 'always', languages: c?.languages.join(', ') ?? '',
    texts: one ? Object.entries(one.texts).map(([tag, text]) => ({ language: tag, text })) : [{ language, text: '' }],
    face: one?.face ?? null, every_days: one?.every_days ?? 7,
  }
}

/** What the server is sent. An amount that is none goes as nothing, so that it says so. */
export function body(form: Shape): Record<string, unknown> {
  const { name, active, known, hours, face } = form
  const value = inUnits(form.amount, form.currency)
  return {
    name, active, face, every_days: Number(form.every_days),
    texts: Object.fromEntries(form.texts.filter((one) => one.text.trim()).map((one) => [one.language, one.text])),
    conditions: {
      pages: form.pages.filter((page) => page.value.trim()), seconds: Number(form.seconds) || 0, known, visits: Number(form.visits) || 0, hours,
      cart: form.amount.trim() ? { value: Number.isNaN(value) ? 0 : value, currency: form.currency.trim().toUpperCase() } : null,
      languages: form.languages.split(',').map((tag) => tag.trim()).filter(Boolean),
    },
  }
}

/** When it is shown, in words. */
export function told(one: Greeting): string {
  const c = one.conditions
  const pages = c.pages.map((page) => t(`greeting-on-${page.how}`, { value: page.value })).join(t('greeting-or'))
  return [
    pages || t('greeting-everywhere'),
    c.seconds > 0 ? t('greeting-after', { n: c.seconds }) : '',
    c.cart ? t('greeting-cart-from', { amount: money(c.cart.value, c.cart.currency) }) : '',
    c.known ? t('greeting-to-known') : '',
    c.visits > 1 ? t('greeting-from-visit', { n: c.visits }) : '',
    c.hours === 'always' ? '' : t(`greeting-while-${c.hours}`),
    c.languages.length > 0 ? t('greeting-in', { languages: c.languages.map(languageName).join(', ') }) : '',
  ].filter(Boolean).join(', ')
}
