import { describe, expect, it } from 'vitest'
import type { StoreImport } from '@api/schema'
import { isShown, part } from './imports'

const one = (more: Partial<StoreImport>) => ({ kind: 'first', state: 'running', reading: 'orders', products: 10, customers: 5, orders: 25, total: 100, ...more }) as StoreImport

describe('reading a store', () => {
  it('says how far it is of what is being read, where the platform counts', () => {
    expect([one({}), one({ reading: 'products' }), one({ total: null }), one({ total: 10 })].map(part)).toEqual([0.25, 0.1, null, 1])
  })
  it('lists no look that found nothing', () => {
    const none = { kind: 'sweep', products: 0, customers: 0, orders: 0 }
    expect([one({ ...none, state: 'done' }), one({ ...none, state: 'failed' }), one({ ...none, state: 'done', orders: 1 })].map(isShown)).toEqual([false, true, true])
  })
})
