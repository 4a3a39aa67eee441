import { describe, expect, it } from 'vitest'
import type { Parcel } from '@api/schema'
import { open, since, ticketOf } from './parcels'

const trouble = (change: Partial<Parcel['troubles'][number]>): Parcel['troubles'][number] => ({ reason: 'late', found_at: '2026-03-04T10:00:00Z', ended_at: null, dismissed_at: null, ticket: null, told_at: null, ...change })

describe('a parcel in trouble', () => {
  const parcel = {
    troubles: [
      trouble({ found_at: '2026-03-05T10:00:00Z' }),
      trouble({ reason: 'no_news', found_at: '2026-03-04T10:00:00Z' }),
      trouble({ reason: 'exception', found_at: '2026-03-02T10:00:00Z', ended_at: '2026-03-03T10:00:00Z', ticket: 7 }),
      trouble({ reason: 'not_handed_over', found_at: '2026-03-01T10:00:00Z', dismissed_at: '2026-03-01T11:00:00Z' }),
    ],
  }
  it('is in it for what is neither over nor taken care of', () => {
    expect(open(parcel).map((one) => one.reason)).toEqual(['late', 'no_news'])
    expect(since(parcel)).toBe('2026-03-04T10:00:00Z')
    expect(since({ troubles: [] })).toBeNull()
  })
  it('goes on in the ticket where the shopper heard of it, be it for an earlier reason', () => {
    expect(ticketOf(parcel)).toBe(7)
    expect(ticketOf({ troubles: [trouble({ ticket: 9 }), ...parcel.troubles] })).toBe(9)
    expect(ticketOf({ troubles: [] })).toBeNull()
  })
})
