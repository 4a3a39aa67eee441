import type { Order, OrderDetail } from '@api/schema'

/** Numbers are the same however they are written: `#FV-20418`, `fv 20418`. */
export const bare = (number: string): string => number.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')

/** A whole order as it stands in lists. */
export const short = ({ id, status, order }: OrderDetail): Order => ({
  id, status, number: order.number, currency: order.currency, total: order.totals.total, refunded: order.totals.refunded, placed_at: order.placed_at ?? '',
  lines: order.lines.map(({ title, quantity, total, picture, variant_title }) => ({ title, quantity, total, picture, variant_title })),
})
