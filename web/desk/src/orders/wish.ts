// What somebody fills into the dialog of an action, and the action that it makes.
import type { Action, ActionKind, OrderAction, OrderDetail, OrderLine, Pieces } from '@api/schema'
import { parse, plain } from './money'

export type Way = 'lines' | 'amount' | 'all'
export interface Wish {
  way: Way
  /** Pieces of each line, by its id. */
  pieces: Record<string, number>
  amount: string
  shipping: string
  restock: boolean
  to: 'original' | 'store_credit'
  /** Of a cancelled order: what was paid goes back. */
  refund: boolean
  notify: boolean
  reason: string
  text: string
  add: string
  remove: string[]
  /** A discount of a part, or of an amount. */
  off: 'percent' | 'amount'
  percent: number | string
  days: number | string
  address: OrderDetail['order']['billing_address'] & object
  with: { product: string; variant: string; quantity: number }
}

const nowhere = { name: null, company: null, line1: '', line2: null, postcode: null, city: '', region: null, country: '', phone: null }

export function begun(kind: ActionKind, detail: OrderDetail): Wish {
  const { order } = detail
  return {
    way: kind === 'refund' && order.lines.length === 0 ? 'amount' : 'lines', pieces: {}, amount: kind === 'refund' ? plain(detail.refundable, order.currency) : '', shipping: '',
    restock: kind === 'cancel', to: 'original', refund: detail.refundable > 0, notify: true, reason: '', text: '', add: '', remove: [], off: 'percent', percent: 10, days: 30,
    address: { ...nowhere, ...order.shipping_address }, with: { product: '', variant: '', quantity: 1 },
  }
}

/** What lies in the deeds that are under way, by line. */
function held(line: string, underWay: OrderAction[]): number {
  const open = underWay.filter((one) => ['awaiting_approval', 'queued', 'running', 'unsure'].includes(one.state))
  const pieces = open.flatMap((one) => (one.action.kind === 'refund' ? (one.action.lines ?? []) : []))
  return pieces.filter((one) => one.line === line).reduce((sum, one) => sum + one.quantity, 0)
}

/** Pieces of a line whose money can still be given back. */
export const left = (line: OrderLine, underWay: OrderAction[] = []): number => Math.max(0, line.quantity - line.refunded - held(line.id, underWay))

/** What so many pieces more cost the buyer: a share of the line, so that the parts are never more than the whole. */
export function worth(line: OrderLine, pieces: number): number {
  const share = (n: number) => Math.floor((line.total * n) / Math.max(1, line.quantity))
  return share(line.refunded + pieces) - share(line.refunded)
}

export const chosen = (wish: Wish): Pieces[] => Object.entries(wish.pieces).filter(([, quantity]) => quantity > 0).map(([line, quantity]) => ({ line, quantity }))
/** Words between commas, each once. */
export const tagsOf = (text: string): string[] => [...new Set(text.split(',').map((tag) => tag.trim()).filter(Boolean))]
const whole = (value: number | string): number | null => (Number.isInteger(Number(value)) && String(value).trim() !== '' ? Number(value) : null)

/** Null while something is missing that nothing can be done without. */
export function toAction(kind: ActionKind, wish: Wish, currency: string, most = Infinity): Action | null {
  const reason = wish.reason.trim()
  const lines = chosen(wish)
  const amount = parse(wish.amount, currency)
  switch (kind) {
    case 'refund':
      return refund(wish, lines, amount !== null && amount <= most ? amount : null, currency)
    case 'cancel':
      return { kind, refund: wish.refund, restock: wish.restock, reason, notify: wish.notify }
    case 'change_address': {
      const { line1, city, country } = wish.address
      const said = Object.fromEntries(Object.entries(wish.address).map(([name, value]) => [name, value?.trim() || null]))
      return line1.trim() && city.trim() && country.trim().length === 2 ? { kind, address: { ...said, line1: line1.trim(), city: city.trim(), country: country.trim().toUpperCase() } } : null
    }
    case 'note':
      return wish.text.trim() ? { kind, text: wish.text.trim() } : null
    case 'tag': {
      const add = tagsOf(wish.add)
      return add.length + wish.remove.length > 0 ? { kind, add, remove: wish.remove } : null
    }
    case 'replacement':
    case 'return':
      return lines.length > 0 ? { kind, lines, reason } : null
    case 'discount': {
      const days = whole(wish.days)
      if (wish.off === 'amount') return amount ? { kind, amount, days } : null
      const percent = whole(wish.percent)
      return percent !== null && percent >= 1 && percent <= 100 ? { kind, percent, days } : null
    }
    case 'store_credit':
      return amount ? { kind, amount, reason } : null
    case 'hold':
      return { kind, reason }
    case 'release':
    case 'resend_confirmation':
      return { kind }
    case 'exchange': {
      const { product, variant, quantity } = wish.with
      return lines.length > 0 && product.trim() && variant.trim() && quantity > 0 ? { kind, lines, with: [{ product: product.trim(), variant: variant.trim(), quantity }], reason } : null
    }
  }
}

function refund(wish: Wish, lines: Pieces[], amount: number | null, currency: string): Action | null {
  const { restock, to, notify } = wish
  const rest = { kind: 'refund' as const, to, notify, reason: wish.reason.trim() }
  if (wish.way === 'all') return { ...rest, lines: [], amount: null, restock: false }
  if (wish.way === 'amount') return amount ? { ...rest, lines: [], amount, restock: false } : null
  const shipping = wish.shipping.trim() ? parse(wish.shipping, currency) : 0
  if (shipping === null || (lines.length === 0 && shipping === 0)) return null
  return { ...rest, lines, amount: null, shipping, restock }
}
