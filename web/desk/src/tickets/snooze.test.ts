import { describe, expect, it } from 'vitest'
import { snoozePresets } from './snooze'

describe('snoozing', () => {
  it('offers this evening only while it is far enough away', () => {
    const keys = (at: string) => snoozePresets(new Date(at)).map((p) => p.key)
    expect(keys('2026-11-25T10:00:00')).toEqual(['hour', 'evening', 'tomorrow', 'monday', 'week'])
    expect(keys('2026-11-25T16:30:00')).toEqual(['hour', 'tomorrow', 'monday', 'week'])
  })
  it('means the next Monday, also on a Monday', () => {
    const monday = (at: string) => snoozePresets(new Date(at)).find((p) => p.key === 'monday')!.until
    expect(monday('2026-11-25T10:00:00').getDay()).toBe(1)
    expect(monday('2026-11-23T10:00:00').getDate()).toBe(30)
    expect(monday('2026-11-22T10:00:00').getDate()).toBe(23)
  })
})
