// Who takes part, and how a step is told: by name, with the time it took, and with pictures when it fails.
import { join } from 'node:path'
import { Desk } from './desk.mjs'
import { Shopper } from './shopper.mjs'
import { Visitor } from './visitor.mjs'

export const HELP = 'help@fjellvik.example'
export const WIDE = { width: 1440, height: 900 }
export const PHONE = { width: 390, height: 844 }
/** How long anything may take before the story gives up; generous, because test machines are busy. */
export const PATIENCE = 20_000

export function addresses(env) {
  const need = (name) => env[name] ?? fail(`${name} is not set; start this with cargo test -p server the_story`)
  return {
    nodes: need('NODES').split(','),
    owner: { email: need('OWNER'), password: need('PASSWORD') },
    mail: { imap: Number(need('IMAP_PORT')), smtp: Number(need('SMTP_PORT')), password: need('MAIL_PASSWORD') },
  }
}

export class World {
  steps = 0
  doing = 'starting'
  desks = []
  errors = []
  #began = Date.now()

  constructor(browser, out, { nodes, owner, mail }) {
    Object.assign(this, { browser, out, nodes, owner, mail })
  }

  seconds() {
    return Math.round((Date.now() - this.#began) / 1000)
  }

  /** A browser of one person; `node` counts from zero and may be more than there are. */
  async desk(node = 0, options = {}) {
    const desk = new Desk(this, await this.watched(await this.context(options)), this.nodes[node % this.nodes.length])
    this.desks.push(desk)
    return desk
  }

  async context(options = {}) {
    const context = await this.browser.newContext({ viewport: WIDE, locale: 'en-GB', timezoneId: 'Europe/Oslo', ...options })
    context.setDefaultTimeout(PATIENCE)
    return context
  }

  /** A page whose scripts may not fail unnoticed. */
  async watched(context) {
    const page = await context.newPage()
    page.on('pageerror', (error) => this.errors.push(`${page.url()}: ${error.stack ?? error}`))
    return page
  }

  /** A browser of one visitor of the shop's pages. */
  async visitor({ options, ...more } = {}) {
    const visitor = new Visitor(this, await this.watched(await this.context(options)), more)
    this.desks.push(visitor)
    return visitor
  }

  shopper(name, address) {
    return new Shopper(this.mail, name, address)
  }

  async step(name, act) {
    this.doing = name
    const at = Date.now()
    const said = await act()
    this.steps++
    console.log(`  ✓ ${name}${typeof said === 'string' ? `: ${said}` : ''} (${Date.now() - at} ms)`)
    return said
  }

  picture(page, name) {
    return page.screenshot({ path: join(this.out, `${name}.png`) })
  }

  noErrors() {
    if (this.errors.length > 0) fail(`scripts failed in the browser:\n${this.errors.join('\n')}`)
  }
}

export async function tell(world, name, chapter) {
  console.log(`\n${name} (after ${world.seconds()} s)`)
  await chapter(world, (step, act) => world.step(step, act))
}

/** The story ends badly: says where, and shows what everybody saw. */
export async function end(world, error) {
  console.error(`✗ ${world.doing}\n${error?.stack ?? error}`)
  for (const [i, { page }] of world.desks.entries()) {
    if (page.isClosed()) continue
    console.error(`desk ${i + 1} was at ${page.url()}`)
    await world.picture(page, `failed-desk-${i + 1}`).catch(() => {})
  }
  if (world.errors.length > 0) console.error(`scripts failed in the browser:\n${world.errors.join('\n')}`)
  process.exit(1)
}

export function fail(why) {
  throw new Error(why)
}

export function check(is, why) {
  if (!is) fail(why)
}

/** Asks until there is an answer that is neither empty nor false. */
export async function until(what, ask, within = PATIENCE) {
  const began = Date.now()
  for (;;) {
    const got = await ask()
    if (got) return got
    if (Date.now() - began > within) fail(`after ${Math.round(within / 1000)} s still not so: ${what}`)
    await new Promise((go) => setTimeout(go, 60))
  }
}

/** Waits until it is seen; says what was missed. */
export async function see(locator, what, within = PATIENCE) {
  await locator.first().waitFor({ state: 'visible', timeout: within }).catch(() => fail(`not to be seen within ${within / 1000} s: ${what}`))
}

export async function gone(locator, what, within = PATIENCE) {
  await until(`${what} is gone`, async () => (await locator.count()) === 0 || !(await locator.first().isVisible()), within)
}
