// Amounts as people type them, in the smallest unit of their currency.
import { locale } from '@/i18n'

/** Digits behind the point: 2 for EUR, 0 for JPY, 3 for KWD. */
export function digits(currency: string): number {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  } catch {
    return 2
  }
}

const point = () => new Intl.NumberFormat(locale.value).formatToParts(1.5).find((part) => part.type === 'decimal')?.value ?? '.'

/** What was typed, in the smallest unit; null where that is no amount, or could be two. */
export function parse(typed: string, currency: string): number | null {
  const text = typed.replace(/[\s'’]/g, '').replace(/^[^\d.,-]+/, '').replace(/\p{L}+$|\p{Sc}$/u, '')
  const found = /^(\d{1,3}(?:([.,])\d{3})(?:\2\d{3})*|\d+)?(?:([.,])(\d*))?$/.exec(text)
  if (!found || !/\d/.test(text)) return null
  let [, whole = '', group, mark, part = ''] = found
  const places = digits(currency)
  if (group && !mark && group === point()) {
    // One mark before three digits: thousands to some, a fraction to others.
    if (places !== 3 || whole.split(group).length > 2) return null
    ;[whole, part] = whole.split(group) as [string, string]
  } else if (group && group === mark) return null
  if (part.length > places) return null
  const amount = Number(`${whole.replace(/[.,]/g, '') || '0'}${part.padEnd(places, '0')}`)
  return Number.isSafeInteger(amount) ? amount : null
}

/** An amount as it stands in a field to be changed. */
export function plain(amount: number, currency: string): string {
  const places = digits(currency)
  const text = String(amount).padStart(places + 1, '0')
  return places === 0 ? text : `${text.slice(0, -places)}${point()}${text.slice(-places)}`
}
