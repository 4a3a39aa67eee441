import { describe, expect, it } from 'vitest'
import { fits, matches, pick, type Here, type Rule } from './rules'

const rule = (conditions: Partial<Rule['conditions']> = {}): Rule => ({
  id: 1, name: null, every_days: 7, texts: { en: 'Hello', 'de-AT': 'Servus' },
  conditions: { pages: [], seconds: 0, cart: null, known: false, visits: 0, hours: 'always', languages: [], ...conditions },
})
const here: Here = { path: '/tents/tunnel', seconds: 30, cart: { value: 5000, currency: 'EUR' }, known: false, visits: 1, open: true, staffed: false, language: 'de-DE' }

describe('a rule fits', () => {
  it.each<[string, Partial<Rule['conditions']>, boolean]>([
    ['everywhere', {}, true],
    ['a part of the path', { pages: [{ how: 'contains', value: 'tunnel' }] }, true],
    ['its beginning', { pages: [{ how: 'begins', value: '/tents/' }] }, true],
    ['and only that', { pages: [{ how: 'begins', value: '/tunnel' }] }, false],
    ['a pattern', { pages: [{ how: 'pattern', value: '/te*/t*l' }] }, true],
    ['one of several', { pages: [{ how: 'begins', value: '/boots' }, { how: 'contains', value: 'tents' }] }, true],
    ['long enough', { seconds: 30 }, true],
    ['not yet', { seconds: 31 }, false],
    ['enough in the cart', { cart: { value: 5000, currency: 'EUR' } }, true],
    ['too little', { cart: { value: 5001, currency: 'EUR' } }, false],
    ['other money', { cart: { value: 1, currency: 'NOK' } }, false],
    ['nobody known', { known: true }, false],
    ['the first visit', { visits: 2 }, false],
    ['while it is open', { hours: 'open' }, true],
    ['while nobody is there', { hours: 'staffed' }, false],
    ['their language', { languages: ['sv', 'de'] }, true],
    ['another language', { languages: ['sv'] }, false],
  ])('%s', (_, conditions, yes) => expect(fits(rule(conditions), here)).toBe(yes))
  it('however it is written, in no time', () => {
    expect([matches('*', ''), matches('/a/*/c', '/a/b/b/c'), matches('/a', '/a/'), matches('/a*', '/a'), matches('', '/')]).toEqual([true, true, false, true, false])
    const began = performance.now()
    expect(matches('*a'.repeat(100) + 'b', '/' + 'a'.repeat(5000))).toBe(false)
    expect(performance.now() - began).toBeLessThan(500)
  })
  it('and speaks the best language that it has', () => {
    expect(pick(rule(), ['de', 'en'])).toMatchObject({ language: 'de-AT', text: 'Servus' })
    expect(pick(rule(), ['sv', 'en'])!.text).toBe('Hello')
    expect(pick({ ...rule(), texts: { nb: 'Hei' } }, ['fr', 'en'])!.text).toBe('Hei')
    expect(pick({ ...rule(), texts: {} }, ['fr'])).toBe(null)
  })
})
