import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { use, type Language } from '@/i18n'
import type { DeskEvent, OrderAction } from '@api/schema'
import { eventTexts } from '@/messages/eventText'
import { aboveWords, deedName, deedSays, safeUrl } from './deedWords'

const speak = (name: Language) => use(name, readFileSync(join(process.cwd(), 'locales', `${name}.ftl`), 'utf8'))
const plain = (text: string) => text.replace(/[\u2068\u2069\u00a0\u202f]/g, (mark) => (mark === '\u00a0' || mark === '\u202f' ? ' ' : ''))
const deed = (action: OrderAction['action'], amount = 0, currency = 'EUR') => ({ action, amount, currency }) as OrderAction
const event = (kind: string, data: Record<string, unknown>) =>
  ({ seq: 1, kind, at: '2026-11-27T10:00:00Z', actor: { kind: 'agent', id: 2, name: 'Ingrid' }, ticket: 48, customer: null, data }) as unknown as DeskEvent
const says = (...args: Parameters<typeof event>) => eventTexts(event(...args)).map(plain).join()

describe('what is done to an order', () => {
  beforeEach(() => speak('en'))
  it('is called by what goes out, in the digits of its currency', () => {
    expect(plain(deedName(deed({ kind: 'refund' }, 4900)))).toBe('Refund of €49.00')
    expect(plain(deedName(deed({ kind: 'refund' }, 1250, 'JPY')))).toContain('1,250')
    expect(plain(deedName(deed({ kind: 'store_credit', amount: 1250 }, 1250, 'KWD')))).toContain('1.250')
    expect([deedName(deed({ kind: 'cancel' })), plain(deedName(deed({ kind: 'cancel' }, 100)))]).toEqual(['Cancellation', 'Cancellation with €1.00 back'])
    expect(plain(deedName(deed({ kind: 'discount', percent: 10 })))).toBe('Discount code of 10 %')
    expect(deedSays({ kind: 'tag', add: ['vip'], remove: ['new'] })).toBe('+ vip, − new')
  })
  it('says why it is above the limits, as money', () => {
    expect(plain(aboveWords('more than 50.00 EUR at once'))).toBe('more than €50.00 at once')
    expect(plain(aboveWords('more than 200.00 EUR a day, 180.50 EUR of it used'))).toBe('more than €200.00 a day, €180.50 of it used')
    speak('de')
    expect(plain(aboveWords('there is no limit in USD'))).toBe('in USD ist nichts erlaubt')
    expect(plain(aboveWords('more than 50.00 EUR at once'))).toBe('mehr als 50,00 € auf einmal')
  })
  it('is told in the timeline of its ticket', () => {
    const money = { what: 'refund', amount: 4900, currency: 'EUR' }
    expect(says('action.requested', { ...money, above: null })).toBe('Ingrid started: Refund of €49.00')
    expect(says('action.requested', { ...money, above: 'more than 40.00 EUR at once' })).toBe('Ingrid asks for approval: Refund of €49.00')
    expect(says('action.done', money)).toBe('Done at the shop: Refund of €49.00')
    expect(says('action.refused', { what: 'cancel', why: 'It has left.' })).toBe('Not done: Cancellation. It has left.')
    expect(says('action.unsure', { what: 'cancel', why: 'x' })).toBe('Nobody knows whether it was done: Cancellation')
    expect(says('action.decided', { approved: true, note: 'fine' })).toBe('Ingrid approved it: fine')
    expect(says('action.decided', { approved: false, note: null })).toBe('Ingrid declined it')
    expect(says('action.withdrawn', {})).toBe('Ingrid took it back')
    expect(says('ticket.order_linked', { order: 1, number: 'FV-20418', why: 'number' })).toBe('This is about order FV-20418, named in a message')
    expect(says('ticket.order_linked', { order: null, number: null, why: 'picked' })).toBe('Ingrid took the order off this ticket')
    speak('de')
    expect(says('action.done', money)).toBe('Im Shop erledigt: Erstattung von 49,00 €')
  })
  it('leads to addresses of the web only', () => {
    expect([safeUrl('https://a.example/1'), safeUrl('javascript:alert(1)'), safeUrl('data:text/html,x'), safeUrl(null)]).toEqual(['https://a.example/1', undefined, undefined, undefined])
  })
})
