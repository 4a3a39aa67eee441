import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { use, type Language } from '@/i18n'
import { parse, plain } from './money'

const speak = (name: Language) => use(name, readFileSync(join(process.cwd(), 'locales', `${name}.ftl`), 'utf8'))

describe('an amount that was typed', () => {
  beforeEach(() => speak('en'))
  it('is in the smallest unit of its currency', () => {
    for (const [typed, currency, amount] of [
      ['49', 'EUR', 4900], ['49.5', 'EUR', 4950], ['49,50', 'EUR', 4950], ['€ 49.00', 'EUR', 4900], ['49 €', 'EUR', 4900], ['49 EUR', 'EUR', 4900],
      ['1,284.00', 'EUR', 128_400], ['1.284,00', 'EUR', 128_400], ["1'284.50", 'CHF', 128_450], ['1 284,5', 'SEK', 128_450], ['.5', 'EUR', 50],
      ['1250', 'JPY', 1250], ['1,250', 'JPY', 1250], ['1.25', 'KWD', 1250], ['1.250', 'KWD', 1250],
    ] as const) expect(`${typed} ${currency}: ${parse(typed, currency)}`).toBe(`${typed} ${currency}: ${amount}`)
  })
  it('is refused where it is none, has too many digits or could be two', () => {
    for (const [typed, currency] of [['', 'EUR'], ['.', 'EUR'], ['-5', 'EUR'], ['4.999', 'EUR'], ['1.2.3', 'EUR'], ['12.5', 'JPY'], ['1,2,3', 'EUR'], ['five', 'EUR'], ['1e5', 'EUR'], ['99999999999999999', 'EUR']] as const)
      expect(`${typed}: ${parse(typed, currency)}`).toBe(`${typed}: null`)
    speak('de')
    expect([parse('1,284', 'EUR'), parse('1.284', 'EUR')]).toEqual([null, 128_400])
  })
  it('comes back as it is shown', () => {
    expect([plain(4900, 'EUR'), plain(5, 'EUR'), plain(1250, 'JPY'), plain(1, 'KWD')]).toEqual(['49.00', '0.05', '1250', '0.001'])
    speak('de')
    expect(plain(4900, 'EUR')).toBe('49,00')
    for (const currency of ['EUR', 'JPY', 'KWD']) for (const amount of [0, 1, 99, 100, 123_456_789]) expect(parse(plain(amount, currency), currency)).toBe(amount)
  })
})
