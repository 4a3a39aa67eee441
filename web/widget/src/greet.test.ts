// The shop speaks first: in the loader whether it does, in the panel how.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Consent } from './boot'
import { Fake, leave, page } from './fake'
import { Greeter } from './greeter'
import { greeted, note } from './greeted'
import type { Greeting, Rule } from './rules'

let server: Fake
beforeEach(() => {
  localStorage.clear()
  sessionStorage.clear()
  server = new Fake()
  server.greetings.set(7, 'Can I help?')
})
afterEach(async () => {
  vi.useRealTimers()
  await leave()
})
const seen = (check: () => void) => vi.waitFor(check, { timeout: 2000 })
const help: Greeting = { id: 7, language: 'en', text: 'Can I help?', name: 'Ingrid' }

describe('whether a page greets', () => {
  const rule = (more: Partial<Rule['conditions']> = {}): Rule => ({
    id: 7, name: null, every_days: 7, texts: { en: 'Can I help?' },
    conditions: { pages: [], seconds: 5, cart: null, known: false, visits: 0, hours: 'always', languages: [], ...more },
  })
  let asks = 0
  let greeter: Greeter
  async function begin(rules: Rule[], consent: Consent = 'usual', isBusy = () => false): Promise<Greeting[]> {
    const shown: Greeting[] = []
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance', 'Date'] })
    asks = 0
    vi.stubGlobal('fetch', async () => (asks++, new Response(JSON.stringify({ data: rules, language: 'en', open: true, staffed: true }))))
    greeter = new Greeter({ address: 'https://desk.example/api/v1/widgets/3', inbox: '3', languages: ['en-GB'], consent: () => consent, isBusy, show: (one) => shown.push(one) })
    await greeter.begin()
    return shown
  }
  afterEach(() => {
    greeter.stop()
    vi.unstubAllGlobals()
  })

  it('waits for its time, shows one, and keeps nothing by looking', async () => {
    const shown = await begin([rule({ seconds: 100_000 })])
    vi.advanceTimersByTime(60_000)
    expect([shown.length, localStorage.length + sessionStorage.length]).toEqual([0, 0])
    const soon = await begin([rule(), rule()])
    vi.advanceTimersByTime(60_000)
    expect(soon).toMatchObject([{ id: 7, text: 'Can I help?' }])
  })
  it('sleeps where the shop greets nobody', async () => {
    await begin([])
    expect([asks, vi.getTimerCount()]).toEqual([1, 0])
  })
  it('hears of the basket while the page is open, and of nothing else of it', async () => {
    const shown = await begin([rule({ cart: { value: 5000, currency: 'EUR' } })])
    for (const cart of [{ value: 4999, currency: 'EUR' }, { value: 9000, currency: 'NOK' }, { value: 'all' }, null]) {
      greeter.hear('set', { cart })
      vi.advanceTimersByTime(10_000)
    }
    greeter.hear('set', { name: 'Kim' })
    expect(shown.length).toBe(0)
    greeter.hear('set', { cart: { value: 5000, currency: 'EUR' } })
    vi.advanceTimersByTime(2000)
    expect(shown.length).toBe(1)
  })
  it('leaves alone who has the panel open', async () => {
    let busy = true
    const shown = await begin([rule()], 'usual', () => busy)
    vi.advanceTimersByTime(20_000)
    expect(shown.length).toBe(0)
    busy = false
    vi.advanceTimersByTime(2000)
    expect(shown.length).toBe(1)
  })
  it.each<[string, () => void]>([
    ['closed one', () => note('3', true, { closed: Date.now() - 20 * 86_400_000 })],
    ['saw one today', () => note('3', false, { at: Date.now() - 3_600_000 })],
    ['has a conversation', () => localStorage.setItem('shopbell.3', JSON.stringify({ token: 't', read: 3 }))],
  ])('leaves alone who %s, and does not even ask', async (_, before) => {
    before()
    const shown = await begin([rule()])
    vi.advanceTimersByTime(20_000)
    expect([shown.length, asks]).toEqual([0, 0])
  })
  it('is not put off for ever by a clock that was years ahead', async () => {
    note('3', true, { at: Date.now() + 900 * 86_400_000, shown: { 7: Date.now() + 900 * 86_400_000 } })
    const shown = await begin([rule()])
    vi.advanceTimersByTime(20_000)
    expect(shown.length).toBe(1)
  })
  it('goes on with another greeting after the days of the first', async () => {
    note('3', true, { at: Date.now() - 2 * 86_400_000, shown: { 7: Date.now() - 2 * 86_400_000 } })
    const shown = await begin([rule(), { ...rule(), id: 8 }])
    vi.advanceTimersByTime(20_000)
    expect(shown.map((one) => one.id)).toEqual([8])
  })
  it('counts visits only with consent', async () => {
    await begin([rule({ visits: 2 })])
    expect(localStorage.length).toBe(0)
    await begin([rule({ visits: 2 })], 'yes')
    vi.advanceTimersByTime(20_000)
    expect(greeted('3', 'yes').visits).toBe(1)
    sessionStorage.clear()
    const shown = await begin([rule({ visits: 2 })], 'yes')
    vi.advanceTimersByTime(20_000)
    expect([greeted('3', 'yes').visits, shown.length]).toEqual([2, 1])
  })
})

describe('a greeting', () => {
  it('stands beside the button, is read out, takes no focus, and tells the shop nothing', async () => {
    const one = await page(server)
    const field = document.body.appendChild(document.createElement('input'))
    field.focus()
    await one.widget.greet.offer(help)
    expect(one.find('.pop')!.textContent).toContain('Can I help?')
    expect(one.find('[role=status]')!.textContent).toBe('Ingrid: Can I help?')
    expect(document.activeElement).toBe(field)
    expect(one.widget.isOpen).toBe(false)
    expect(server.doors, 'without consent').toEqual(['GET'])
    expect([Object.keys(localStorage), greeted('3', 'usual').shown]).toEqual([['shopbell.3.greet'], { 7: expect.any(Number) }])
    field.remove()
  })
  it('is known in the tab alone while consent is waited for', async () => {
    const one = await page(server, { consent: 'wait' })
    await one.widget.greet.offer(help)
    expect([localStorage.length, greeted('3', 'wait').shown]).toEqual([0, { 7: expect.any(Number) }])
  })
  it('goes with Escape from wherever one is, and then there is peace', async () => {
    const one = await page(server)
    await one.widget.greet.offer(help)
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))
    expect(one.find('.pop')).toBe(null)
    expect(greeted('3', 'usual').closed).toBeGreaterThan(0)
    expect(localStorage.getItem('shopbell.3.greet'), 'closing is a choice that lasts').toContain('closed')
  })
  it('is asked for with consent, because the shop knows other browsers of theirs', async () => {
    const one = await page(server)
    one.call('consent', true)
    server.allows = false
    await one.widget.greet.offer(help)
    expect([one.find('.pop'), server.bodies('POST greetings')]).toEqual([null, [{ greeting: 7 }]])
    server.allows = true
    await one.widget.greet.offer({ ...help, id: 8 })
    expect(one.find('.pop')).not.toBe(null)
    one.call('consent', false)
    expect(localStorage.getItem('shopbell.3.greet')).toBe(null)
  })
  it('is the first line when it is answered, once', async () => {
    const one = await page(server)
    await one.widget.greet.offer(help)
    one.find<HTMLElement>('.pop .say')!.click()
    expect([one.find('.pop'), one.widget.view]).toEqual([null, 'talk'])
    expect([...one.wrap.querySelectorAll('.m')].map((m) => m.textContent)).toEqual(['Can I help?'])
    one.write('Yes')
    await seen(() => expect(one.widget.conversation.lines.map((line) => line.text)).toEqual(['Can I help?', 'Yes']))
    expect(server.bodies('POST messages')).toEqual([{ id: expect.any(String), text: 'Yes', greeting: { id: 7, language: 'en' } }])
    await seen(() => expect([...one.wrap.querySelectorAll('.m')].map((m) => m.textContent)).toEqual(['Can I help?', 'Yes']))
    expect([...one.wrap.querySelectorAll('[role=status] p')].filter((p) => p.textContent!.includes('Can I help?')).length, 'read out once').toBe(1)
    one.write('For two')
    await seen(() => expect(server.bodies('POST messages')[1]).toEqual({ id: expect.any(String), text: 'For two' }))
  })
  it('does not come where something is going on', async () => {
    const one = await page(server)
    one.widget.open()
    await one.widget.greet.offer(help)
    one.widget.close()
    expect(one.find('.pop')).toBe(null)
    one.widget.open('talk')
    one.write('Hello')
    await seen(() => expect(server.lines.length).toBe(1))
    one.widget.close()
    await one.widget.greet.offer(help)
    expect([one.find('.pop'), server.bodies('POST messages').length]).toEqual([null, 1])
  })
  it('goes with who signs out', async () => {
    const one = await page(server)
    await one.widget.greet.offer(help)
    one.call('shutdown')
    expect([one.widget.greet.now, localStorage.length + sessionStorage.length]).toEqual([null, 0])
  })
})

describe('consent', () => {
  it('taken back on a page that told nothing takes back what earlier pages told', async () => {
    localStorage.setItem('shopbell.3', JSON.stringify({ token: 't0' }))
    server.token = 't0'
    const one = await page(server)
    one.call('consent', false)
    await seen(() => expect(server.doors).toContain('DELETE page'))
  })
  it('that was never given is nothing to take back', async () => {
    const one = await page(server)
    one.call('consent', false)
    expect(server.doors).toEqual(['GET'])
  })
})
