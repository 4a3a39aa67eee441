// A shopper on the shop's page, with the widget; what they do and see, by the words on the screen.
import { check, see, until } from './world.mjs'

export class Visitor {
  constructor(world, page, { node = 0, lang = 'en', ...more } = {}) {
    Object.assign(this, { world, page, base: world.nodes[node % world.nodes.length], lang, more, asked: [] })
    page.on('request', (request) => this.asked.push(request.url()))
  }

  get address() {
    const asked = new URLSearchParams({ node: this.base, inbox: this.world.chat, lang: this.lang, ...this.more })
    return `${this.world.shop.origin}/${this.more.path ?? 'tent'}?${asked}`
  }

  async visit() {
    await this.page.goto(this.address)
    await see(this.launcher, 'the button of the chat')
    return this
  }

  /** The same browser, in another tab. */
  async tab() {
    return new Visitor(this.world, await this.world.watched(this.page.context()), { lang: this.lang, ...this.more, node: this.world.nodes.indexOf(this.base) }).visit()
  }

  get launcher() {
    return this.page.locator('.launcher')
  }

  get panel() {
    return this.page.locator('.panel')
  }

  get writer() {
    return this.panel.locator('textarea')
  }

  button(name) {
    return this.panel.getByRole('button', { name, exact: true })
  }

  async open(start = 'Start a chat') {
    if (!(await this.panel.isVisible())) await this.launcher.click()
    await see(this.panel, 'the panel')
    if (await this.writer.isVisible()) return
    await this.button(start).click()
    await see(this.writer, 'where one writes')
  }

  async say(text) {
    await this.writer.fill(text)
    await this.writer.press('Enter')
  }

  line(text) {
    return this.panel.locator('.line', { hasText: text })
  }

  /** All that is said, in order: `mine: …` or `them: …`. */
  said() {
    return this.panel.locator('.line[data-place]').evaluateAll((all) => all.map((one) => `${one.classList.contains('mine') ? 'mine' : 'them'}: ${one.querySelector('.m')?.textContent}`))
  }

  async hears(text) {
    await see(this.line(text), `“${text}” in the chat`)
  }

  /** What has been read was sent. */
  fate(is) {
    const those = is === 'sent' ? '.fate:is([data-fate=sent], [data-fate=read])' : `.fate[data-fate=${is}]`
    return until(`the last line is ${is}`, () => this.panel.locator(those).count())
  }

  /** Until nothing moves but the dots of who writes. */
  settled() {
    return this.page.evaluate(() => Promise.all(document.querySelector('body > div:last-of-type').shadowRoot.getAnimations().filter((one) => one.effect?.getTiming().iterations === 1).map((one) => one.finished.catch(() => {}))))
  }

  kept() {
    return this.page.evaluate(() => ({ lasting: { ...localStorage }, passing: { ...sessionStorage }, cookie: document.cookie }))
  }

  async isWithinPolicy() {
    const broken = await this.page.evaluate(() => window.broken)
    check(broken.length === 0, `the page's policy was broken: ${broken.join('; ')}`)
  }
}
