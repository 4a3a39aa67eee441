import { describe, expect, it } from 'vitest'
import type { ReturnDetail } from '@api/schema'
import { expected, scanned, settled } from './receipt'

const line = (id: number, quantity: number, keep: boolean) => ({ id, quantity, offer: { keep } }) as unknown as ReturnDetail['lines'][number]

describe('what came back', () => {
  it('is all of it and as new until somebody says otherwise', () => {
    expect(expected({ lines: [line(1, 2, false), line(2, 1, true)] })).toEqual([{ id: 1, received: 2, condition: 'new', restock: true, note: '' }])
  })
  it('goes back on the shelf only where it can be sold', () => {
    const found = { id: 1, received: 1, condition: 'damaged' as const, restock: true, note: '' }
    expect(settled(found).restock).toBe(false)
    expect(settled({ ...found, condition: 'opened' }).restock).toBe(true)
    expect(settled({ ...found, received: 0, condition: 'new' })).toMatchObject({ condition: 'missing', restock: false })
    expect(settled({ ...found, received: 1, condition: 'missing' }).condition).toBe('new')
  })
  it('is found by its number, however that is entered', () => {
    expect(['R-7K2M9QX', 'r7k2m9qx', ' 7k2m 9qx\n'].map(scanned)).toEqual(['R-7K2M9QX', 'R-7K2M9QX', 'R-7K2M9QX'])
    expect(['', 'R-', 'FV-20390', 'R-7K2M9Q0', '7K2M9QXX'].map(scanned)).toEqual([null, null, null, null, null])
  })
})
