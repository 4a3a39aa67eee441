// What a variable stands for that somebody typed into a reply: the same that the server puts into a canned answer.
import type { Customer, OrderDetail, Shop, Ticket } from '@api/schema'
import { me } from '@/agents/useMe'
import { foresee, knownCustomer } from '@/customers/useCustomer'
import { shop } from '@/directory'
import { digits } from '@/orders/money'
import { besideOf, foreseeOrders, ofTicket } from '@/orders/useBeside'
import { holes } from './answers'

/** All that the server knows by name; other braces are the writer's own. */
const names = [
  'customer.first_name', 'customer.name', 'agent.name', 'ticket.number', 'shop.name', 'order.number', 'order.total', 'order.placed_at',
  'order.carrier', 'order.tracking_number', 'order.tracking_url', 'order.page_url', 'order.eta', 'order.refunded',
]
const nameOf = (written: string) => written.split('|')[0]!.trim()

const textOf = (html: string) => new DOMParser().parseFromString(html.replace(/<(?:br|\/p|\/li|\/blockquote|\/pre)\b[^>]*>/gi, '\n'), 'text/html').body.textContent ?? ''
/** Variables in a text that nobody has put a value for, also where a part of one is bold. */
export const openVariables = (html: string): string[] =>
  [...new Set([...holes(html), ...holes(textOf(html))].map((hole) => hole.name).filter((name) => names.includes(nameOf(name))))]

export interface About {
  ticket: Pick<Ticket, 'number' | 'language' | 'customer'>
  customer?: Pick<Customer, 'name' | 'language' | 'identities'>
  /** The one that the ticket is about. */
  order?: Pick<OrderDetail, 'order' | 'page_url'>
  agent: string | null
  shop: Pick<Shop, 'name' | 'language' | 'time_zone'> | null
}
type Facts = Record<string, (filter: string | undefined) => string>

/** Who is called by an address, or by nothing, has no name to be greeted with. */
function nameIn(customer: About['customer']): string {
  const name = customer?.name.trim() ?? ''
  return customer?.identities.some((one) => one.value === customer.name) ? '' : name
}
function firstOf(name: string): string {
  if (name.includes('@')) return ''
  const [first = '', second = ''] = name.split(/\s+/)
  // "Brandt, Johanna" is how address books sort.
  return (first.endsWith(',') ? second : first).replace(/,$/, '')
}

export function factsOf({ ticket, customer, order, agent, shop }: About): Facts {
  const [spoken = 'en'] = (ticket.language ?? customer?.language ?? shop?.language ?? 'en').toLowerCase().split('-')
  const language = ['en', 'de', 'fr', 'es', 'sv', 'ar'].includes(spoken) ? spoken : 'en'
  const facts: Facts = {}
  const text = (name: string, value: string | null | undefined) => value?.trim() && (facts[name] = () => value)
  const sum = (name: string, amount: number, currency: string) => (facts[name] = () => money(language, amount, currency))
  const day = (name: string, at: string | null | undefined) => at && (facts[name] = (filter) => date(language, at, shop?.time_zone ?? 'UTC', filter === 'time'))
  text('customer.first_name', firstOf(nameIn(customer)))
  text('customer.name', nameIn(customer))
  text('agent.name', agent)
  text('ticket.number', String(ticket.number))
  text('shop.name', shop?.name)
  if (!order) return facts
  const { number, totals, currency, placed_at, shipments } = order.order
  const parcel = [...shipments].reverse().find((one) => !one.cancelled)
  text('order.number', number)
  sum('order.total', totals.total, currency)
  if (totals.refunded > 0) sum('order.refunded', totals.refunded, currency)
  day('order.placed_at', placed_at)
  text('order.page_url', order.page_url)
  text('order.carrier', parcel?.carrier)
  text('order.tracking_number', parcel?.number)
  text('order.tracking_url', parcel?.url)
  day('order.eta', parcel?.expected_at)
  return facts
}
function money(language: string, amount: number, currency: string): string {
  const number = (amount / 10 ** digits(currency)).toFixed(digits(currency))
  return ['en', 'ar'].includes(language) ? `${currency} ${number}` : `${number.replace('.', ',')} ${currency}`
}
function date(language: string, at: string, timeZone: string, clock: boolean): string {
  const say = (tag: string, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(tag, { ...options, timeZone }).format(Date.parse(at))
  const day = say({ en: 'en-GB', ar: 'ar-u-nu-latn' }[language] ?? language, { weekday: 'long', day: 'numeric', month: 'long' })
  return clock ? `${day}, ${say('en-GB', { hour: '2-digit', minute: '2-digit' })}` : day
}

const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
const isAddress = (text: string) => /^https?:\/\//.test(text)
const variable = /\{\{\s*([^{}<>]{1,60}?)\s*\}\}/g

/** Puts in what is known; the rest stays in its braces. */
export function fill(html: string, facts: Facts): string {
  const value = (written: string) => facts[nameOf(written)]?.(written.split('|')[1]?.trim()) ?? null
  let linked = false
  return html.split(/(<[^>]*>)/).map((piece) => {
    if (piece.startsWith('<')) {
      linked = /^<a\s/i.test(piece) || (linked && !/^<\/a>/i.test(piece))
      // The link dialog puts its own https:// before what it does not know as an address.
      return piece.replace(/(?:https?:\/\/)?\{\{\s*([^{}<>]{1,60}?)\s*\}\}/g, (whole, written: string) => (isAddress(value(written) ?? '') ? escaped(value(written)!) : whole))
    }
    return piece.replace(variable, (whole, written: string) => {
      const put = value(written)
      if (put === null) return whole
      return isAddress(put) && !linked ? `<a href="${escaped(put)}">${escaped(put)}</a>` : escaped(put)
    })
  }).join('')
}

/** Without the variables that nobody knows, and without the gap that each would leave. */
export function without(html: string, unknown: string[]): string {
  return html.replace(/( ?)\{\{\s*([^{}<>]{1,60}?)\s*\}\}( ?)/g, (whole, before: string, name: string, after: string) => (unknown.includes(name) ? (before && after ? ' ' : '') : whole))
}

/** What the desk knows of a ticket; what it has not read yet it reads first. */
export async function knownFacts(ticket: Ticket): Promise<Facts> {
  await Promise.allSettled([foresee(ticket.customer.id), foreseeOrders(ticket.id)])
  const beside = besideOf(ofTicket(ticket.id))
  // The newest might be another than the one that is spoken of.
  const order = beside?.order && beside.why !== 'newest' && !beside.order.deleted_at ? beside.order : undefined
  return factsOf({ ticket, customer: knownCustomer(ticket.customer.id), order, agent: me.value?.name ?? null, shop: shop.value })
}
