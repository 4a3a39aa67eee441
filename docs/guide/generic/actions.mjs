// A shop system of one's own that takes actions from Shopbell. It refunds, cancels and notes; put your own system in the
// place of `orders` and `done`, both in a database.
// SECRET=… PORT=8090 node actions.mjs
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'

const { SECRET = 'a secret that both know', PORT = '8090' } = process.env
const orders = new Map([['20418', {
  id: '20418', number: 'FV-20418', placed_at: '2026-03-01T09:00:00Z', changed_at: '2026-03-01T09:00:00Z', currency: 'EUR', state: 'open', payment: 'paid',
  buyer: { email: 'jo@post.example', name: 'Jo Brandt' }, refunds: [], note: '',
  lines: [{ id: '1', title: 'Skarv 2 tent', quantity: 1, price: 42900, total: 42900, refunded: 0 }],
  totals: { lines: 42900, total: 42900, paid: 42900, refunded: 0 },
}]])
/** What was done, by its key. In the same transaction as the doing: a key that is here was done, one that is not was not. */
const done = new Map()

const acts = {
  refund(order, { amount, action, key }) {
    const { totals } = order
    if (amount < 1 || amount > totals.paid - totals.refunded) throw new Refused('So much was not paid')
    for (const { line, quantity } of action.lines) {
      const known = order.lines.find((one) => one.id === line)
      if (!known || known.refunded + quantity > known.quantity) throw new Refused('So many pieces are not left')
      known.refunded += quantity
    }
    totals.refunded += amount
    order.payment = totals.refunded === totals.paid ? 'refunded' : 'partially_refunded'
    order.refunds.push({ id: key, amount })
    return { reference: key, amount }
  },
  cancel(order, asked) {
    if (order.state === 'cancelled') throw new Refused('It is cancelled already')
    const left = order.totals.paid - order.totals.refunded
    const back = asked.action.refund && left > 0 ? acts.refund(order, { ...asked, amount: left, action: { lines: [] } }).amount : 0
    order.state = 'cancelled'
    return { reference: order.id, amount: back }
  },
  note(order, { action }) {
    order.note = `${order.note}\n${action.text}`.trim()
    return { reference: order.id, amount: 0 }
  },
}
class Refused extends Error {}

function act(asked) {
  if (done.has(asked.key)) return done.get(asked.key)
  const known = orders.get(asked.order)
  if (!known || !acts[asked.action.kind]) throw new Refused('There is no such order or action')
  // On a copy, so that what is refused in the middle has changed nothing.
  const order = structuredClone(known)
  const result = acts[asked.action.kind](order, asked)
  orders.set(order.id, { ...order, changed_at: new Date().toISOString() })
  done.set(asked.key, result)
  return result
}

function answer(asked) {
  if (asked.ask === 'about') return { name: 'My shop', currency: 'EUR', actions: Object.keys(acts) }
  if (asked.ask === 'order') return { order: orders.get(asked.id) ?? null }
  if (asked.ask === 'look_up') return { done: done.get(asked.key) ?? null }
  if (asked.ask === 'act') return { done: act(asked) }
  throw new Refused('Nobody knows what to do with that')
}

function signed(headers, body) {
  const stamp = headers['x-shopbell-timestamp'] ?? ''
  const wanted = Buffer.from(`v1=${createHmac('sha256', SECRET).update(`${stamp}.${body}`).digest('hex')}`)
  const shown = Buffer.from(headers['x-shopbell-signature'] ?? '')
  return Math.abs(Date.now() / 1000 - Number(stamp)) < 600 && shown.length === wanted.length && timingSafeEqual(shown, wanted)
}

createServer(async (request, response) => {
  const body = (await request.toArray()).join('')
  const reply = (status, said) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said))
  if (!signed(request.headers, body)) return reply(401, {})
  try {
    reply(200, answer(JSON.parse(body)))
  } catch (error) {
    if (error instanceof Refused) reply(409, { refused: error.message })
    else reply(500, {})
  }
}).listen(Number(PORT), '127.0.0.1', function listening() {
  console.log(`Takes actions at http://127.0.0.1:${this.address().port}/`)
})
