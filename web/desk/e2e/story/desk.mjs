// What an agent does and sees at the desk, by the words on the screen.
import { see, gone, until } from './world.mjs'

export class Desk {
  constructor(world, page, base) {
    Object.assign(this, { world, page, base })
  }

  async signIn(email, password, name) {
    await this.page.goto(`${this.base}/sign-in`)
    await this.page.getByLabel('Mail address').fill(email)
    await this.page.getByLabel('Password', { exact: true }).fill(password)
    await this.page.getByRole('button', { name: 'Sign in' }).click()
    await this.page.waitForURL(/\/inbox\//)
    this.name = name
  }

  /** Asks the API as this browser does, with its cookie. */
  async api(method, path, data) {
    const answer = await this.page.request.fetch(`${this.base}/api/v1${path}`, { method, data, headers: { origin: this.base } })
    const body = await answer.text()
    return { status: answer.status(), body: body ? JSON.parse(body) : null }
  }

  // ── lists

  /** Goes to a view by its link, without loading the page again. */
  async view(name) {
    const link = this.page.locator('#views').getByRole('link', { name: new RegExp(`^${name}`) })
    if (!(await link.count())) await this.page.goto(`${this.base}/inbox/open`)
    await link.first().click()
    await see(this.page.locator('#list .l-title', { hasText: name }), `the view ${name}`)
  }

  row(words) {
    return this.page.locator('#list .row', { hasText: words })
  }

  async open(words) {
    await see(this.row(words), `“${words}” in the list`)
    await this.row(words).first().click()
    await this.opened(words)
  }

  async opened(words) {
    await see(this.page.locator('#t-title', { hasText: words }), `“${words}” opened`)
    await see(this.page.locator('.timeline .ev'), 'the timeline')
  }

  get ticket() {
    return Number(new URL(this.page.url()).pathname.split('/')[3])
  }

  number() {
    return this.page.locator('.t-meta .mono').innerText().then((text) => Number(text.slice(1)))
  }

  // ── one ticket

  message(words) {
    return this.page.locator('.timeline article.ev', { hasText: words })
  }

  event(words) {
    return this.page.locator('.timeline .sys', { hasText: words })
  }

  get editor() {
    return this.page.locator('#reply .c-text[contenteditable=true]')
  }

  async write(text) {
    await see(this.editor, 'the reply box')
    await this.editor.click()
    await this.page.keyboard.type(text)
  }

  /** Until what is typed goes into the reply box. */
  cursor() {
    return until('the cursor is in the reply box', () => this.editor.evaluate((el) => el === document.activeElement))
  }

  button(name) {
    return this.page.getByRole('button', { name, exact: true })
  }

  async menu(name, item) {
    await this.page.locator('main').getByRole('button', { name, exact: true }).click()
    await this.page.getByRole('menuitem', { name: item }).click()
  }

  /** Picks from a searchable list that is open already. */
  async pick(text) {
    const box = this.page.locator('.picker-input')
    await box.fill(text)
    await this.page.locator('.picker-list [role=option]', { hasText: text }).first().click()
  }

  // ── everywhere

  toast(words) {
    return this.page.locator('.toast', { hasText: words })
  }

  async undo(words) {
    await see(this.toast(words), `the words “${words}”`)
    await this.toast(words).getByRole('button', { name: 'Undo' }).click()
  }

  /** Gives the keys back to the page, as a click beside everything does. */
  async leaveFields() {
    await this.page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur())
  }

  press(...keys) {
    return keys.reduce((before, key) => before.then(() => this.page.keyboard.press(key)), Promise.resolve())
  }

  async save() {
    await this.page.locator('.savebar').getByRole('button', { name: 'Save changes' }).click()
    await gone(this.page.locator('.savebar'), 'the save bar')
  }

  async path(pattern) {
    await until(`the address fits ${pattern}`, () => pattern.test(new URL(this.page.url()).pathname))
  }
}
