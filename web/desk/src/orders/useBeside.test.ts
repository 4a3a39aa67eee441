import { describe, expect, it } from 'vitest'
import type { Beside, DeskEvent } from '@api/schema'
import { merged, wants } from './useBeside'

const event = (kind: string, more: Partial<DeskEvent> = {}) => ({ kind, ticket: null, customer: null, data: {}, ...more }) as unknown as DeskEvent
const about = { ticket: 7, customer: 3, orders: [11, 12] }
const beside = (read_at: string, stale: string | null, problems: string[]) => ({ order: { id: 11, read_at, stale }, problems }) as unknown as Beside

describe('what stands beside a ticket', () => {
  it('changes with its orders, their actions and their stores, and with nothing else', () => {
    expect(wants(event('order.changed', { data: { order: 12 } }), about)).toBe('known')
    expect(wants(event('order.placed', { customer: 3, data: { order: 99 } }), about)).toBe('known')
    expect(wants(event('shipment.changed', { data: { order: 11 } }), about)).toBe('known')
    expect(wants(event('action.refused', { data: { order: 11 } }), about)).toBe('known')
    expect(wants(event('ticket.order_linked', { ticket: 7 }), about)).toBe('fresh')
    expect(wants(event('store.recovered'), about)).toBe('fresh')
    for (const other of [event('order.changed', { customer: 4, data: { order: 13 } }), event('ticket.order_linked', { ticket: 8 }), event('message.received', { ticket: 7, customer: 3 })]) expect(wants(other, about)).toBeNull()
  })
  it('keeps what the stores said against it until they are asked again or the order is newer', () => {
    const down = beside('10:00', 'The shop did not answer.', ['The shop did not answer.'])
    expect(merged(down, beside('10:00', null, []), false)).toEqual(down)
    expect(merged(down, beside('10:05', null, []), false).order!.stale).toBeNull()
    expect(merged(down, beside('10:00', null, []), true).problems).toEqual([])
  })
})
