// How an order's one word is shown. Nothing of it is brass: that is for what waits for us.
import type { OrderDetail } from '@api/schema'

export const tone = (status: string): string =>
  ({ delivered: 'pill-ok', cancelled: 'pill-danger', shipped: 'pill-info', partly_shipped: 'pill-info', processing: 'pill-info', awaiting_payment: 'pill-info' })[status] ?? ''
export const mark = (status: string): string | null => ({ delivered: 'check', cancelled: 'ban', returned: 'return', on_hold: 'lock', refunded: 'refund' })[status] ?? null

export type Sent = 'shipped' | 'partly_sent' | 'sent' | 'delivered' | 'came_back'
/** What keeps an order from being changed that has left, in as far as its parcels tell. */
export function sent({ order }: Pick<OrderDetail, 'order'>): Sent {
  const parcels = order.shipments.filter((parcel) => !parcel.cancelled)
  const arrived = parcels.filter((parcel) => parcel.delivered_at)
  if (order.fulfilment === 'returned') return 'came_back'
  if (arrived.length < parcels.length) return 'shipped'
  if (order.fulfilment !== 'fulfilled') return 'partly_sent'
  return parcels.length > 0 ? 'delivered' : 'sent'
}
