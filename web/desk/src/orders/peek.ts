// The order and the customer's worth in one line, where the panel does not fit.
import type { Id } from '@api/schema'
import { t, tOr } from '@/i18n'
import { money } from '@/time'
import { besideOf, ofTicket } from './useBeside'

export function peeked(ticket: Id): string {
  const beside = besideOf(ofTicket(ticket))
  if (!beside?.order) return ''
  const { order, status } = beside.order
  const worth = beside.lifetime[0]
  const parts = [t('peek-order', { order: order.number, status: tOr(`order-${status}`, status), total: money(order.totals.total, order.currency) })]
  if (worth && beside.count > 1) parts.push(t('peek-value', { n: beside.count, value: money(worth.value, worth.currency) }))
  return parts.join(' · ')
}
