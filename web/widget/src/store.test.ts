import { beforeEach, describe, expect, it } from 'vitest'
import { Store } from './store'

const nowhere = () => {
  throw new DOMException('sandboxed', 'SecurityError')
}
beforeEach(() => {
  localStorage.clear()
  sessionStorage.clear()
})

describe('what is kept', () => {
  it('lasts where nobody asks for consent first', () => {
    const store = new Store('3', 'usual')
    expect(localStorage.length, 'nothing by itself').toBe(0)
    store.set('token', 't')
    store.set('read', 2)
    expect(JSON.parse(localStorage.getItem('shopbell.3')!)).toEqual({ token: 't', read: 2 })
    expect(new Store('3', 'usual').kept.token).toBe('t')
    expect(new Store('4', 'usual').kept.token, 'each inbox for itself').toBe(undefined)
  })
  it('goes with the tab before consent, lasts with it, and goes when it is taken back', () => {
    const store = new Store('3', 'wait')
    store.set('token', 't')
    expect([localStorage.length, sessionStorage.length]).toEqual([0, 1])
    store.setConsent('yes')
    expect([localStorage.length, sessionStorage.length, store.kept.token]).toEqual([1, 0, 't'])
    store.setConsent('no')
    expect([localStorage.length, sessionStorage.length, store.kept.token]).toEqual([0, 1, 't'])
  })
  it('with consent an earlier conversation is found again', () => {
    new Store('3', 'usual').set('token', 'old')
    const store = new Store('3', 'wait')
    expect(store.kept.token).toBe(undefined)
    store.setConsent('yes')
    expect(store.kept.token).toBe('old')
  })
  it('with consent two conversations are not mixed', () => {
    const before = new Store('3', 'usual')
    before.set('token', 'old')
    before.set('read', 9)
    before.set('contact', true)
    before.set('muted', true)
    const store = new Store('3', 'wait')
    store.set('token', 'new')
    store.set('language', 'de')
    store.setConsent('yes')
    expect(store.kept).toEqual({ token: 'new', language: 'de', muted: true })
    const later = new Store('3', 'wait')
    later.set('read', 2)
    later.set('language', 'sv')
    before.set('read', 9)
    later.setConsent('yes')
    expect(later.kept).toEqual({ token: 'new', read: 9, language: 'sv', muted: true })
  })
  it('is only in memory where there is no storage', () => {
    const store = new Store('3', 'usual', nowhere, nowhere)
    store.set('token', 't')
    store.setTab('draft', 'half a')
    expect([store.kept.token, store.tab.draft]).toEqual(['t', 'half a'])
    store.setConsent('no')
    expect(store.kept.token).toBe('t')
    store.clear()
    expect([store.kept, store.tab]).toEqual([{}, {}])
  })
  it('forgets the conversation, and not what the visitor chose', () => {
    const store = new Store('3', 'usual')
    store.set('language', 'sv')
    store.set('token', 't')
    store.set('contact', true)
    store.forget()
    expect(store.kept).toEqual({ language: 'sv' })
    store.clear()
    expect(localStorage.length).toBe(0)
  })
  it('is nothing where somebody else wrote nonsense', () => {
    for (const nonsense of ['{', 'null', '3', '"x"']) {
      localStorage.setItem('shopbell.3', nonsense)
      expect(new Store('3', 'usual').kept.token).toBe(undefined)
    }
  })
})
