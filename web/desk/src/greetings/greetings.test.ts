import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Greeting } from '@api/schema'
import { use, type Language } from '@/i18n'
import { body, inCoins, inUnits, shape, told } from './greetings'

const speak = (name: Language) => use(name, readFileSync(join(process.cwd(), 'locales', `${name}.ftl`), 'utf8'))
const tents: Greeting = {
  id: 1, inbox: 3, name: 'Tents', active: true, place: 1, texts: { en: 'Can I help?', de: 'Kann ich helfen?' }, face: null, every_days: 7, shown: 9, answered: 2,
  conditions: { pages: [{ how: 'begins', value: '/tents/' }, { how: 'contains', value: 'camp' }], seconds: 30, cart: { value: 5050, currency: 'EUR' }, known: true, visits: 3, hours: 'staffed', languages: ['de'] },
}

describe('a greeting', () => {
  beforeEach(() => speak('en'))
  it('comes out of its form as it went in', () => {
    const { id, inbox, place, shown, answered, ...rest } = tents
    expect(body(shape(tents, 'en', 'EUR'))).toEqual(rest)
    expect(body({ ...shape(null, 'nb', 'NOK'), name: 'A' })).toMatchObject({ texts: {}, every_days: 7, conditions: { pages: [], cart: null, seconds: 30 } })
  })
  it('knows the smallest unit of each currency', () => {
    expect([inUnits('50', 'EUR'), inUnits('50,5', 'EUR'), inUnits('5000', 'JPY'), inUnits('1.234', 'KWD'), inUnits('a lot', 'EUR')]).toEqual([5000, 5050, 5000, 1234, NaN])
    expect([inCoins(5050, 'EUR'), inCoins(5000, 'JPY'), inCoins(1234, 'KWD')]).toEqual(['50.50', '5000', '1.234'])
  })
  it('says in words when it is shown', () => {
    expect(told(tents)).toBe('on pages that begin with /tents/ or on pages with camp in their address, after 30 seconds, with a cart of at least €50.50, to customers you know, from visit 3 on, while somebody is at the desk, in German')
    speak('de')
    expect(told({ ...tents, conditions: { ...tents.conditions, pages: [], cart: null, known: false, visits: 0, hours: 'open', languages: [] } })).toBe('auf allen Seiten, nach 30 Sekunden, während der Öffnungszeiten')
  })
})
