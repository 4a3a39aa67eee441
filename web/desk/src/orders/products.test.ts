import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import type { StoreProduct } from '@api/schema'
import { use } from '@/i18n'
import { asChoices } from './products'

beforeEach(() => use('en', readFileSync(join(process.cwd(), 'locales', 'en.ftl'), 'utf8')))
const variant = (more: object) => ({ id: 'v', sku: null, title: 'Spruce', options: {}, price: 4900, currency: 'EUR', stock: null, picture: null, ...more })
const product = (variants: object[]) => ({ id: 'p', title: 'Nupp 400', picture: 'https://x/p.png', url: null, read_at: '', variants }) as unknown as StoreProduct

it('offers each kind with its price and how many there are', () => {
  const found = asChoices([product([variant({ id: 'a', stock: 3, sku: 'N-1' }), variant({ id: 'b', stock: 0, picture: 'https://x/b.png' }), variant({ id: 'c', currency: 'NOK' })])], 'EUR')
  expect(found.map((one) => [one.variant, one.about, one.price, one.soldOut, one.picture])).toEqual([
    ['a', 'Spruce · N-1 · 3 there', '€49.00', false, 'https://x/p.png'],
    ['b', 'Spruce · sold out', '€49.00', true, 'https://x/b.png'],
  ])
})

it('does not name the only kind there is', () => {
  expect(asChoices([product([variant({ title: 'Default Title' })])], 'EUR')[0]?.about).toBe('')
})
