// Quantities and money of what somebody fills in: never more than there is, and never another amount than was typed.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { OrderAction, OrderDetail, OrderLine } from '@api/schema'
import { use } from '@/i18n'
import { begun, chosen, left, tagsOf, toAction, worth, type Wish } from './wish'

beforeEach(() => use('en', readFileSync(join(process.cwd(), 'locales', 'en.ftl'), 'utf8')))
const line = (more: Partial<OrderLine> = {}) => ({ id: 'a', quantity: 3, refunded: 0, total: 1000, ...more }) as OrderLine
const detail = { refundable: 1700, order: { currency: 'EUR', lines: [line()], shipping_address: { line1: 'Osterstraße 1', city: 'Hamburg', country: 'DE' } } } as unknown as OrderDetail
const wish = (kind: Parameters<typeof begun>[0], more: Partial<Wish> = {}) => toAction(kind, { ...begun(kind, detail), ...more }, 'EUR', detail.refundable)
const deed = (state: OrderAction['state'], quantity: number) => ({ state, action: { kind: 'refund', lines: [{ line: 'a', quantity }] } }) as unknown as OrderAction

describe('what is left of a line', () => {
  it('is what nobody was given back, and nobody is about to be', () => {
    expect(left(line({ refunded: 1 }))).toBe(2)
    expect(left(line(), [deed('queued', 2), deed('declined', 1), deed('done', 1)])).toBe(1)
    expect(left(line({ refunded: 3 }), [deed('unsure', 1)])).toBe(0)
  })
  it('costs no more in parts than as a whole', () => {
    let sum = 0
    for (const refunded of [0, 1, 2]) sum += worth(line({ refunded }), 1)
    expect(sum).toBe(1000)
    expect(worth(line(), 3)).toBe(1000)
  })
})

describe('a refund', () => {
  it('by line names pieces and lets the shop reckon', () => {
    expect(wish('refund', { pieces: { a: 2, b: 0 }, restock: true })).toMatchObject({ lines: [{ line: 'a', quantity: 2 }], amount: null, shipping: 0, restock: true })
    expect(wish('refund', { pieces: {}, shipping: '2' })).toMatchObject({ lines: [], shipping: 200 })
    expect([wish('refund'), wish('refund', { pieces: { a: 1 }, shipping: 'x' })]).toEqual([null, null])
  })
  it('by amount is what was typed; of all it is what is left, and no goods come back', () => {
    expect(wish('refund', { way: 'amount', amount: '16,99', pieces: { a: 1 }, restock: true })).toMatchObject({ lines: [], amount: 1699, restock: false })
    expect([wish('refund', { way: 'amount', amount: '0' }), wish('refund', { way: 'amount', amount: '17.01' })]).toEqual([null, null])
    expect(wish('refund', { way: 'all', amount: '5' })).toMatchObject({ lines: [], amount: null })
    expect(begun('refund', detail).amount).toBe('17.00')
  })
})

describe('every other action', () => {
  it('waits for what it needs', () => {
    expect([wish('note'), wish('tag'), wish('replacement'), wish('return'), wish('exchange', { pieces: { a: 1 } }), wish('store_credit'), wish('discount', { percent: 0 }), wish('discount', { off: 'amount' })]).toEqual(Array(8).fill(null))
    expect(wish('discount', { percent: '15', days: '' })).toEqual({ kind: 'discount', percent: 15, days: null })
    expect(wish('change_address')).toMatchObject({ address: { line1: 'Osterstraße 1', city: 'Hamburg', country: 'DE', line2: null } })
    expect(wish('tag', { add: 'vip, late ,vip', remove: ['new'] })).toEqual({ kind: 'tag', add: ['vip', 'late'], remove: ['new'] })
    expect([tagsOf(' , '), chosen({ ...begun('return', detail), pieces: { a: 0 } })]).toEqual([[], []])
  })
})
