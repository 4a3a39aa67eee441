// Messages about orders as they are filled in, and as the server keeps them.
import type { OrderUpdateSettings } from '@api/schema'
import { ownName } from '@/customers/names'
import { t } from '@/i18n'

/** In the order in which a shopper hears of them. */
export const kinds = ['confirmed', 'shipped', 'out_for_delivery', 'delivered', 'refunded', 'thanks', 'care'] as const
export type Kind = (typeof kinds)[number]
/** Those that nobody waits for. */
export const extra: readonly Kind[] = ['thanks', 'care']
export const usualDays: Partial<Record<Kind, number>> = { thanks: 3, care: 30 }
export const usualMost = 4
/** Languages that we have words in. */
export const ours = ['en', 'de', 'fr', 'es', 'sv', 'ar']

export interface Own { subject: string; text: string }
export interface Choice { on: boolean; days: number | ''; texts: Record<string, Own> }
export interface Form {
  platform_tells: boolean
  kinds: Record<Kind, Choice>
  is_quiet: boolean
  from: string
  until: string
  most_a_day: number | ''
}

export function toForm(kept: OrderUpdateSettings): Form {
  const choice = (kind: Kind): Choice => {
    const { on = false, days = null, texts = {} } = kept.kinds?.[kind] ?? {}
    return { on, days: days ?? '', texts }
  }
  return {
    platform_tells: kept.platform_tells ?? false,
    kinds: Object.fromEntries(kinds.map((kind) => [kind, choice(kind)])) as Record<Kind, Choice>,
    is_quiet: Boolean(kept.quiet),
    from: kept.quiet?.from ?? '21:00',
    until: kept.quiet?.until ?? '08:00',
    most_a_day: kept.most_a_day ?? '',
  }
}

/** A field that was emptied leaves it to the server. */
const number = (value: number | string | null): number | null => (value === '' || value === null ? null : Number(value))

export function toSettings(form: Form): OrderUpdateSettings {
  return {
    platform_tells: form.platform_tells,
    kinds: Object.fromEntries(kinds.map((kind) => {
      const { on, days, texts } = form.kinds[kind]
      return [kind, { on, days: extra.includes(kind) ? number(days) : null, texts }]
    })),
    quiet: form.is_quiet ? { from: form.from, until: form.until } : null,
    most_a_day: number(form.most_a_day),
  }
}

/** What a text may ask for. */
export const variables = [
  'customer.first_name', 'customer.name', 'shop.name', 'order.number', 'order.total', 'order.placed_at | date', 'order.carrier',
  'order.tracking_number', 'order.tracking_url', 'order.page_url', 'order.eta | date', 'order.refunded',
] as const
/** What a variable is called in the catalogues. */
export const called = (variable: string) => `variable-${variable.split('|')[0]!.trim().replace('.', '-')}`
/** In which languages a shop has words of its own, as a sentence; null where it has none. */
export function tongues(texts: Record<string, Own>): string | null {
  const languages = Object.keys(texts).sort().map(ownName)
  return languages.length > 0 ? t('update-own', { languages: languages.join(', ') }) : null
}
