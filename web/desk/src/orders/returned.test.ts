import { describe, expect, it } from 'vitest'
import type { DeskEvent, Return } from '@api/schema'
import { concerns, given, sorted, tone } from './returned'

const one = (id: number, more: Partial<Return> = {}) => ({ id, state: 'requested', outcome: 'refund', worth: 6900, fee: 490, bonus: 0, currency: 'EUR', money_why: null, ...more }) as unknown as Return
const event = (kind: string, data: object) => ({ kind, data }) as unknown as DeskEvent

describe('what comes back of an order', () => {
  it('is worth its goods less the fee, and in store credit the bonus more', () => {
    expect([one(1), one(2, { outcome: 'store_credit', fee: 0, bonus: 690 }), one(3, { fee: 9900 })].map((r) => given(r).replace(/\s/g, ' '))).toEqual(['€64.10', '€75.90', '€0.00'])
  })
  it('is brass only while it waits for us', () => {
    expect([one(1), one(2, { state: 'in_transit' }), one(3, { state: 'received', money_why: 'The shop said no' }), one(4, { state: 'resolved' }), one(5, { state: 'declined' })].map(tone)).toEqual(['pill-signal', 'pill-info', 'pill-signal', 'pill-ok', ''])
  })
  it('stands above what is over', () => {
    expect(sorted([one(4, { state: 'resolved' }), one(3, { state: 'expired' }), one(2), one(1, { state: 'received' })]).map((r) => r.id)).toEqual([2, 1, 4, 3])
  })
  it('is read again when it moves, and not for those of other orders', () => {
    const known = [one(7)]
    expect(concerns(event('return.requested', { order: 'FV-20603', return: 9 }), 'FV-20603', known)).toBe(true)
    expect(concerns(event('return.moved', { return: 7 }), 'FV-20603', known)).toBe(true)
    expect(concerns(event('return.moved', { order: 'FV-20604', return: 8 }), 'FV-20603', known)).toBe(false)
    expect(concerns(event('order.changed', { order: 'FV-20603' }), 'FV-20603', known)).toBe(false)
  })
})
