import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { api } from '@api/client'
import type { OrderDetail, ReturnDetail, StoreProduct } from '@api/schema'
import { use } from '@/i18n'
import { because, goes, more, readGoing } from './lines'

beforeAll(() => use('en', readFileSync(join(process.cwd(), 'locales', 'en.ftl'), 'utf8')))
afterEach(() => vi.restoreAllMocks())
const bare = (text: string) => text.replace(/[\u2068\u2069]/g, '')

const product = (id: string, title: string, ...kinds: string[]) => ({ id, title, variants: kinds.map((kind) => ({ id: `${id}-${kind}`, title: kind, sku: `SKU-${kind}` })) }) as unknown as StoreProduct
const order = { lines: [{ id: '1', product: 'boots', variant: 'boots-39', variant_title: '39', sku: 'SKU-39' }] } as unknown as OrderDetail['order']
const line = (product: string, variant: string) => ({ line: '1', title: 'Tind boots', wished: { product, variant, quantity: 1 } }) as unknown as ReturnDetail['lines'][number]
const boots = product('boots', 'Tind boots', '39', '40')
const said = (one: ReturnType<typeof goes>) => one && bare([one.title, one.variant, one.sku].filter(Boolean).join(', '))

describe('what goes out instead', () => {
  it('is named by product and kind', () => {
    expect(said(goes(line('boots', 'boots-40'), order, [boots]))).toBe('Tind boots, 40, SKU-40')
    expect(said(goes(line('mat', 'mat-one'), order, [boots, product('mat', 'Lun 4 mat', 'one')]))).toBe('Lun 4 mat, SKU-one')
    expect(goes({ ...line('mat', 'mat-one'), wished: null }, order, [boots])).toBeNull()
  })
  it('is named as far as it goes where the shop does not tell of it', () => {
    expect(said(goes(line('boots', 'boots-39'), order, []))).toBe('Tind boots, 39, SKU-39')
    expect(said(goes(line('boots', 'boots-40'), order, []))).toBe('Tind boots, kind boots-40')
    expect(said(goes(line('mat', 'mat-one'), null, []))).toBe('Product mat, kind mat-one')
  })
  it('is looked for by its name, and page by page only where it was not in the order', async () => {
    const asked: unknown[] = []
    vi.spyOn(api, 'get').mockImplementation((path: string, query?: object) => {
      if (path.startsWith('/orders/')) return Promise.resolve({ store: 4, order } as never)
      asked.push(query)
      const { q, after } = query as { q?: string; after?: string }
      return Promise.resolve((q ? { data: [boots], next: null } : after ? { data: [product('mat', 'Lun 4 mat', 'one')], next: 'c' } : { data: [], next: 'b' }) as never)
    })
    const read = (...lines: ReturnDetail['lines'][number][]) => readGoing({ order: 9, lines } as never)
    expect((await read({ ...line('boots', 'x'), wished: null } as never)).products).toEqual([])
    expect(asked).toEqual([])
    expect((await read(line('boots', 'boots-40'))).products).toEqual([boots])
    expect(asked.splice(0)).toEqual([{ q: 'Tind boots', limit: 200 }])
    expect((await read(line('mat', 'mat-one'))).products.map((one) => one.id)).toEqual(['mat'])
    expect(asked).toEqual([{ limit: 200 }, { after: 'b', limit: 200 }])
  })
})

describe('why a return was decided so', () => {
  it('is said once, with all that a rule settled', () => {
    const rule = (kind: string) => ({ kind, why: 'rule', rule: 'Broken: a person looks' })
    const offer = { because: [rule('verdict'), rule('fee'), rule('fee'), { kind: 'verdict', why: 'right', rule: null }, { kind: 'days', why: 'right', rule: null }] } as never
    expect(because(offer).map(bare)).toEqual(['Rule “Broken: a person looks”: whether it is taken back, fee', 'The right to withdraw stands above the rules'])
  })
  it('has their own words only where they say more', () => {
    expect(more('Too small', ' too small. ')).toBeNull()
    expect(more('Too small', null)).toBeNull()
    expect(more('Too small', 'Too small at the heel')).toBe('Too small at the heel')
  })
})
