import { describe, expect, it } from 'vitest'
import type { OrderDetail } from '@api/schema'
import { sent } from './status'

const parcel = (delivered_at: string | null, cancelled = false) => ({ delivered_at, cancelled })
const order = (fulfilment: string, ...shipments: object[]) => ({ order: { fulfilment, shipments } }) as unknown as OrderDetail

describe('why an order that has left cannot be changed', () => {
  it('is said as its parcels tell', () => {
    expect(sent(order('fulfilled', parcel(null), parcel('2026-11-07')))).toBe('shipped')
    expect(sent(order('fulfilled', parcel('2026-11-07'), parcel(null, true)))).toBe('delivered')
    expect(sent(order('fulfilled'))).toBe('sent')
    expect(sent(order('partial', parcel('2026-11-07')))).toBe('partly_sent')
    expect(sent(order('partial', parcel(null)))).toBe('shipped')
    expect(sent(order('unfulfilled'))).toBe('partly_sent')
    expect(sent(order('returned', parcel('2026-11-07')))).toBe('came_back')
  })
})
