// How an order's one word is shown. Nothing of it is brass: that is for what waits for us.
export const tone = (status: string): string =>
  ({ delivered: 'pill-ok', cancelled: 'pill-danger', shipped: 'pill-info', partly_shipped: 'pill-info', processing: 'pill-info', awaiting_payment: 'pill-info' })[status] ?? ''
export const mark = (status: string): string | null => ({ delivered: 'check', cancelled: 'ban', returned: 'return', on_hold: 'lock', refunded: 'refund' })[status] ?? null
