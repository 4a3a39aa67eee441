import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { use } from '@/i18n'
import { isOdd, toLimit, toRow, twice, type Row } from './limits'

beforeEach(() => use('en', readFileSync(join(process.cwd(), 'locales', 'en.ftl'), 'utf8')))
const row = (more: Partial<Row> = {}): Row => ({ role: 'agent', kind: 'refund', currency: 'EUR', once: '50', day: '', ...more })

describe('a limit', () => {
  it('is kept in the smallest unit, and empty is as much as they like', () => {
    expect(toLimit(row())).toEqual({ role: 'agent', kind: 'refund', currency: 'EUR', once: 5000, day: null })
    expect(toLimit(row({ currency: 'JPY', day: '200' }))).toMatchObject({ once: 50, day: 200 })
    expect(toRow(toLimit(row({ day: '200' })))).toEqual(row({ once: '50.00', day: '200.00' }))
    expect(toLimit(row({ once: '0' })).once).toBe(0)
  })
  it('is refused where it is no amount, or stands there twice', () => {
    expect([isOdd('x', 'EUR'), isOdd('', 'EUR'), isOdd('1.5', 'JPY'), isOdd('1.5', 'EUR')]).toEqual([true, false, true, false])
    expect([twice([row(), row({ currency: 'eur ' })], 0), twice([row(), row({ role: 'lead' })], 0)]).toEqual([true, false])
  })
})
