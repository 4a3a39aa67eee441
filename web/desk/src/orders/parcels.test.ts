import { describe, expect, it } from 'vitest'
import type { Shipment } from '@api/schema'
import { ending, lastScan, passed } from './parcels'

const parcel = (more: Partial<Shipment> = {}) => ({ scans: [], shipped_at: null, delivered_at: null, ...more }) as unknown as Shipment
const scan = (status: string) => ({ at: null, status, text: null, place: null })

describe('a parcel', () => {
  it('comes nearer step by step', () => {
    expect([parcel(), parcel({ shipped_at: '2026-11-01' }), parcel({ scans: [scan('in transit')] }), parcel({ delivered_at: '2026-11-02' })].map(passed)).toEqual([0, 1, 2, 4])
  })
  it('is known by the end of its number and its newest news', () => {
    expect([ending('00340434161094021829'), ending('AB123')]).toEqual(['…1829', 'AB123'])
    expect(lastScan(parcel({ scans: [scan('info'), scan('out')] }))?.status).toBe('out')
  })
})
