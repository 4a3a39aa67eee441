// What is done to an order, in words: its name, its amounts, why it is above somebody's limits.
import type { Action, ActionKind, OrderAction } from '@api/schema'
import { agent } from '@/directory'
import { t, tOr } from '@/i18n'
import { said } from '@/said'
import { money } from '@/time'
import { digits } from './money'

export const kinds: ActionKind[] = ['replacement', 'refund', 'return', 'discount', 'cancel', 'change_address', 'store_credit', 'exchange', 'note', 'tag', 'resend_confirmation', 'hold', 'release']
export const icons: Record<ActionKind, string> = {
  refund: 'refund', cancel: 'ban', change_address: 'pin', note: 'pencil', tag: 'tag', resend_confirmation: 'mail', replacement: 'swap', discount: 'percent', store_credit: 'gift',
  hold: 'lock', release: 'truck', return: 'return', exchange: 'retry',
}
/** Those with a button of their own; the rest stands in the menu. */
export const mainKinds: ActionKind[] = kinds.slice(0, 6)

/** `Refund of € 49.00`, `Order note`. */
export function named(kind: ActionKind, amount: number, currency: string): string {
  return amount > 0 && (kind === 'refund' || kind === 'cancel' || kind === 'store_credit') ? t(`deed-${kind}-of`, { amount: money(amount, currency) }) : t(`deed-${kind}`)
}

/** As `named`, with what else the action says. */
export function deedName(deed: Pick<OrderAction, 'action' | 'amount' | 'currency'>): string {
  const { action, amount, currency } = deed
  if (action.kind === 'discount') return t('deed-discount-of', { off: action.percent ? t('percent', { n: action.percent }) : money(action.amount ?? 0, currency) })
  return named(action.kind, amount, currency)
}

/** What the action says in a person's own words. */
export function deedSays(action: Action): string {
  if (action.kind === 'note') return action.text
  if (action.kind === 'tag') return [...(action.add ?? []).map((tag) => `+ ${tag}`), ...(action.remove ?? []).map((tag) => `− ${tag}`)].join(', ')
  if (action.kind === 'change_address') return [action.address.name, action.address.line1, action.address.postcode, action.address.city, action.address.country].filter(Boolean).join(', ')
  return 'reason' in action ? (action.reason ?? '') : ''
}

/** The server writes amounts as decimals with their currency; people read them as money. */
const amounts = /(\d+(?:\.\d+)?) ([A-Z]{3})\b/g
export function aboveWords(why: string): string {
  const found = [...why.matchAll(amounts)].map(([, decimal, currency]) => money(Math.round(Number(decimal) * 10 ** digits(currency!)), currency!))
  if (/^more than .* at once$/.test(why) && found[0]) return t('above-once', { limit: found[0] })
  if (/^more than .* a day, /.test(why) && found[1]) return t('above-day', { limit: found[0], used: found[1] })
  if (why === 'each of these needs approval') return t('above-each')
  if (why === 'nobody can say what it is worth') return t('above-unknown')
  const unlimited = /^there is no limit in ([A-Z]{3})$/.exec(why)
  return unlimited ? t('above-currency', { currency: unlimited[1] }) : said(why)
}

export function byName(by: OrderAction['by']): string {
  if (by.kind === 'agent') return agent(by.id)?.name ?? t('deed-by-agent')
  return tOr(`deed-by-${by.kind}`, by.kind)
}

/** An address of the web; nothing that runs. */
export const safeUrl = (url: string | null | undefined): string | undefined => (url && /^https?:\/\//i.test(url) ? url : undefined)
