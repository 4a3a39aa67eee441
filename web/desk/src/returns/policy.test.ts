import { describe, expect, it } from 'vitest'
import type { ReturnPolicy } from '@api/schema'
import { condition, deeding, moved, odd, rule, toForm, toPolicy, within } from './policy'

const none = { at_least: null, at_most: null }
const when = {
  outcomes: [], countries: [], reasons: [], quantity: none, customer_tags: [], returns: none, customer_value: none, order_value: none, order_age: none,
  order_tags: [], discounted: null, discount_codes: [], product_tags: [], skus: [], final_sale: null, digital: null, price: none,
} satisfies ReturnPolicy['rules'][number]['when']
const then = { verdict: null, words: {}, days: null, keep: null, fee: null, bonus: null, destination: null, methods: null, release: null }
const policy: ReturnPolicy = {
  currency: 'EUR', zone: 'Europe/Oslo', send_within: 30, other_products: true, release: 'receipt', methods: ['label', 'qr'],
  windows: [{ outcomes: ['refund'], countries: ['US', 'CA'], days: 14, since: 'shipment' }, { outcomes: [], countries: [], days: 30, since: 'delivery' }],
  destinations: [{ name: 'Bergen', lines: ['Fjellvik AS', '5003 Bergen'] }],
  reasons: [{ id: 'damaged', words: {}, photos: true }, { id: 'itches', words: { en: 'It itches' }, photos: false }],
  withdrawal: { days: 14, business_tags: ['business'], made_to_order: [], perishable: [], sealed: ['sealed-hygiene'], digital_begun: [] },
  rules: [
    { name: 'Cheap', when: { ...when, price: { at_least: null, at_most: 900 }, reasons: ['damaged'] }, then: { ...then, keep: true } },
    { name: 'Sale', when: { ...when, product_tags: ['sale', 'outlet'], final_sale: false }, then: { ...then, verdict: 'reject', words: { en: 'No.' }, fee: { for: 'shipping', amount: 490, percent: 0 }, methods: ['own'] } },
  ],
}

describe('a return policy', () => {
  it('is the same after it was filled in', () => {
    const bare = toPolicy(toForm(policy)) as ReturnPolicy
    const rules = bare.rules.map((one) => ({ ...one, when: { ...when, ...one.when }, then: { ...then, ...one.then } }))
    expect({ ...bare, rules }).toEqual(policy)
    expect(toForm(policy)).toEqual(toForm(policy))
  })
  it('keeps the words of a refusal only where it refuses', () => {
    const form = toForm(policy)
    form.rules[1]!.deeds[0]!.verdict = 'review'
    expect((toPolicy(form) as ReturnPolicy).rules[1]!.then.words).toBeUndefined()
  })
  it('sends no amount that nobody can read', () => {
    const form = toForm(policy)
    form.rules.push({ ...rule(), conditions: [{ ...condition('price'), most: 'nine' }, { ...condition('quantity'), least: '1.5' }], deeds: [{ ...deeding('fee'), amount: '4.999' }] })
    expect(odd(form)).toEqual(['rules[2].when.price', 'rules[2].when.quantity', 'rules[2].then.fee.amount'])
  })
  it('finds what is wrong inside of a field', () => {
    const errors = [{ field: 'rules[1].when.skus[3]', why: 'long' }, { field: 'rules[10].name', why: 'empty' }]
    expect(within(errors, 'rules[1].when.skus')).toBe('long')
    expect(within(errors, 'rules[1].name')).toBeNull()
    expect(within(errors, 'rules[1]')).toBe('long')
  })
  it('moves rules no further than the end', () => {
    expect(moved(['a', 'b', 'c'], 1, -1)).toEqual(['b', 'a', 'c'])
    expect(moved(['a', 'b'], 1, 1)).toEqual(['a', 'b'])
  })
})
