import { describe, expect, it } from 'vitest'
import { factsOf, fill, openVariables, without, type About } from './facts'

const identity = (value: string) => ({ value }) as unknown as NonNullable<About['customer']>['identities'][number]
const person = (name: string, ...values: string[]) => ({ name, language: null, identities: values.map(identity) }) as unknown as About['customer']
const order = (more: object = {}) =>
  ({
    page_url: 'https://desk.example/track/1?a&b',
    order: {
      number: 'FV-20418', currency: 'EUR', placed_at: '2026-11-07T10:00:00Z', totals: { total: 47_800, refunded: 0 },
      shipments: [{ carrier: 'DHL', number: '1829', url: 'https://dhl.example/1829', expected_at: '2026-11-13T12:00:00Z', cancelled: false }, { carrier: 'UPS', number: '2', url: null, expected_at: null, cancelled: true }],
      ...more,
    },
  }) as unknown as NonNullable<About['order']>
const about = (more: Partial<About> = {}): About => ({
  ticket: { number: 7, language: 'en', customer: { id: 3, name: 'Jo' } }, customer: person('Johanna <Brandt>'), agent: 'Ingrid', shop: { name: 'Fjell & Vik', language: 'de', time_zone: 'Europe/Oslo' }, ...more,
})
const filled = (html: string, more: Partial<About> = {}) => fill(html, factsOf(about(more)))

describe('a variable that was typed', () => {
  it('becomes what the ticket knows, as text', () => {
    expect(filled('<p>Hi {{customer.first_name}}, {{ customer.name }}: #{{ticket.number}} at {{shop.name}}, {{agent.name}}</p>')).toBe('<p>Hi Johanna, Johanna &lt;Brandt&gt;: #7 at Fjell &amp; Vik, Ingrid</p>')
    expect(filled('{{customer.first_name}}', { customer: person('Brandt, Johanna') })).toBe('Johanna')
  })
  it('stays where nobody knows it, and is open then', () => {
    const html = filled('<p>Hi {{customer.first_name}}, {{order.number}} {{like.this}}</p>', { customer: person('jo@post.example', 'jo@post.example') })
    expect(html).toBe('<p>Hi {{customer.first_name}}, {{order.number}} {{like.this}}</p>')
    expect(openVariables(html)).toEqual(['customer.first_name', 'order.number'])
    expect(filled('{{customer.name}}', { customer: person('+4712345678', '+4712345678') })).toBe('{{customer.name}}')
    expect(filled('{{customer.first_name}}', { customer: undefined })).toBe('{{customer.first_name}}')
  })
  it('is open however it is dressed, and braces that mean something else never are', () => {
    expect(openVariables('<p>{{customer.<strong>first</strong>_name}}</p>')).toEqual(['customer.first_name'])
    expect(openVariables('<p>{{&nbsp;order.eta | date }}</p>')).toEqual(['order.eta | date'])
    expect(openVariables('<p><a href="https://{{order.page_url}}">here</a></p>')).toEqual(['order.page_url'])
    expect(openVariables('<p>{{</p><p>In templates {{like.this}}, {customer.name}, {{}} }}</p>')).toEqual([])
  })
  it('speaks of the order beside the ticket, in the language of the ticket', () => {
    const html = '{{order.number}}: {{order.total}}, {{order.eta | date}}, {{order.eta|time}}, {{order.carrier}} {{order.tracking_number}} {{order.refunded}}'
    expect(filled(html, { order: order() })).toBe('FV-20418: EUR 478.00, Friday 13 November, Friday 13 November, 13:00, DHL 1829 {{order.refunded}}')
    const german = { order: order({ totals: { total: 1250, refunded: 50 }, currency: 'JPY', shipments: [] }), ticket: { ...about().ticket, language: 'de-AT' } }
    expect(filled('{{order.total}} {{order.refunded}} {{order.placed_at}} {{order.carrier}}', german)).toBe('1250 JPY 50 JPY Samstag, 7. November {{order.carrier}}')
  })
  it('can be clicked where it is a page, once', () => {
    const page = 'https://desk.example/track/1?a&amp;b'
    const known = { order: order() }
    expect(filled('<p>{{order.page_url}}</p>', known)).toBe(`<p><a href="${page}">${page}</a></p>`)
    expect(filled('<a href="https://{{order.page_url}}">{{order.page_url}}</a> {{order.tracking_url}}', known)).toBe(`<a href="${page}">${page}</a> <a href="https://dhl.example/1829">https://dhl.example/1829</a>`)
    expect(filled('<a href="https://{{agent.name}}">x</a>', { agent: '" onclick="x' })).toBe('<a href="https://{{agent.name}}">x</a>')
  })
  it('can be taken out, with the gap that it would leave', () => {
    expect(without('<p>Hi {{customer.first_name}}, your {{order.number}} came. {{like.this}}</p>', ['customer.first_name', 'order.number'])).toBe('<p>Hi, your came. {{like.this}}</p>')
  })
})
