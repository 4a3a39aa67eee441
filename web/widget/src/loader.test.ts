// The one line on a shop's page, before anything else of the widget is there.
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Boot, Call } from './boot'
import { contrast } from './colours'

type Api = ((...call: Call) => void) & { q?: unknown[]; boot?: Boot }
const page = window as unknown as { shopbell?: Api }

beforeEach(() => {
  vi.resetModules()
  // No panel can be fetched here, so that each try shows.
  vi.stubGlobal('__PANEL__', 'widget/panel-x.js')
  delete page.shopbell
  localStorage.clear()
  sessionStorage.clear()
  document.body.replaceChildren()
  document.documentElement.lang = 'de'
})

async function load(said: Record<string, string> = {}): Promise<Boot> {
  document.head.replaceChildren()
  const script = document.createElement('script')
  // Another type, so that nobody fetches it.
  script.type = 'text/plain'
  script.setAttribute('src', 'https://desk.example/help/widget.js?1')
  Object.assign(script.dataset, { inbox: '3', ...said })
  document.head.append(script)
  await import('./loader')
  return page.shopbell!.boot!
}

const css = ({ root }: Boot) => [...root.adoptedStyleSheets].flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText)).join('') + [...root.querySelectorAll('style')].map((style) => style.textContent).join('')

describe('the loader', () => {
  it('draws a button in the page\'s language, and keeps nothing', async () => {
    const boot = await load()
    const button = boot.root.querySelector('button')!
    expect([button.getAttribute('aria-label'), button.getAttribute('aria-expanded'), boot.wrap.lang, boot.wrap.dir]).toEqual(['Chat öffnen', 'false', 'de', 'ltr'])
    expect([boot.base, boot.inbox, document.body.children.length]).toEqual(['https://desk.example/help/', '3', 1])
    expect(localStorage.length + sessionStorage.length + document.cookie.length).toBe(0)
  })
  it('comes from its own line, whatever the page calls its pictures', async () => {
    const picture = document.createElement('img')
    picture.setAttribute('src', 'https://elsewhere.example/widget.js')
    picture.dataset.inbox = '9'
    Object.defineProperty(document, 'currentScript', { value: picture, configurable: true })
    const boot = await load()
    Reflect.deleteProperty(document, 'currentScript')
    expect([boot.base, boot.inbox]).toEqual(['https://desk.example/help/', '3'])
  })
  it('is told its language, side and colour; what is no colour is none', async () => {
    const boot = await load({ lang: 'ar', side: 'start', colour: 'red;}body{display:none' })
    expect([boot.wrap.lang, boot.wrap.dir, boot.wrap.dataset.side]).toEqual(['ar', 'rtl', 'start'])
    expect(css(boot)).not.toContain('body')
    expect(css(boot)).toMatch(/--panel: ?#1f4d3a/)
  })
  it('is dark enough for its white sign before the panel comes', async () => {
    const boot = await load({ colour: '#FFEE00' })
    expect(contrast(/--panel: ?(#[0-9a-f]{6})/.exec(css(boot))![1]!, '#ffffff')).toBeGreaterThan(4.5)
  })
  it('keeps calls in order, from before it was there and after, until somebody listens', async () => {
    const early: Api = (...call) => void (early.q ??= []).push(call)
    page.shopbell = early
    early('set', { name: 'Kim' })
    early('on', 'open', () => {})
    const boot = await load()
    page.shopbell('identify', 'word')
    const heard: Call[] = []
    boot.listen((call) => heard.push(call))
    page.shopbell('close')
    expect(heard.map(([name]) => name)).toEqual(['set', 'on', 'identify', 'close'])
  })
  it('twice on a page is once', async () => {
    const boot = await load()
    vi.resetModules()
    expect(await load()).toBe(boot)
    expect(document.body.children.length).toBe(1)
  })
  it('forgets at once when somebody signs out', async () => {
    localStorage.setItem('shopbell.3', '{"token":"t"}')
    sessionStorage.setItem('shopbell.3.tab', '{"draft":"x"}')
    localStorage.setItem('the-shop', 'its own')
    await load()
    page.shopbell!('shutdown')
    expect([Object.keys(localStorage), sessionStorage.length, document.body.children.length]).toEqual([['the-shop'], 0, 0])
  })
  it('says so when the panel cannot be fetched, and tries again', async () => {
    const boot = await load()
    const button = boot.root.querySelector('button')!
    for (let tries = 0; tries < 2; tries++) {
      button.setAttribute('aria-label', '')
      button.click()
      await vi.waitFor(() => expect(button.getAttribute('aria-label')).toContain('nicht öffnen'), { timeout: 4000 })
    }
  })
  it('fetches the panel by itself only where a conversation goes on', async () => {
    const idle = vi.fn()
    vi.stubGlobal('requestIdleCallback', idle)
    localStorage.setItem('shopbell.3', '{"language":"de"}')
    await load()
    expect(idle).not.toHaveBeenCalled()
    vi.resetModules()
    delete page.shopbell
    localStorage.setItem('shopbell.3', '{"token":"t"}')
    await load({ consent: 'wait' })
    expect(idle, 'without consent what was kept before is not looked at').not.toHaveBeenCalled()
    vi.resetModules()
    delete page.shopbell
    await load()
    expect(idle).toHaveBeenCalledTimes(1)
    vi.unstubAllGlobals()
  })
})
