// Pictures of the main screens, wide and on a phone, in both themes; and what axe says about them.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { check, PHONE, see, until, WIDE } from './world.mjs'

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** English, laid out from right to left. */
const MIRROR = 'ar-XB'
/** The ticket with most on it. */
const SUBJECT = 'Waterproof jacket'

export async function looks(world, step) {
  const found = []
  let audits = 0
  for (const theme of ['light', 'dark']) {
    const desk = await world.desk(0, { colorScheme: theme })
    const look = async (name) => {
      await settle(desk.page)
      await world.picture(desk.page, `${name}-${theme}`)
    }
    const audit = async (name) => {
      audits++
      found.push(...(await problems(desk.page)).map((one) => `${name}, ${theme}: ${one}`))
    }
    await step(`pictures and accessibility, ${theme}`, async () => {
      await desk.page.goto(`${desk.base}/sign-in`)
      await see(desk.button('Sign in'), 'the sign-in')
      await look('sign-in')
      await audit('sign-in')
      await desk.signIn(world.owner.email, world.owner.password)
      await wide(desk, look, audit)
    })
    await step(`pictures on a phone, ${theme}`, () => phone(desk, look, audit))
    await desk.page.context().close()
  }
  await step('pictures and accessibility, from right to left', async () => {
    const desk = await world.desk(0, { colorScheme: 'light', locale: MIRROR })
    const look = async (name) => {
      await settle(desk.page)
      await world.picture(desk.page, `${name}-rtl`)
    }
    const audit = async (name) => {
      audits++
      found.push(...(await problems(desk.page)).map((one) => `${name}, from right to left: ${one}`))
    }
    await desk.signIn(world.owner.email, world.owner.password)
    const { language } = (await desk.api('PATCH', '/me', { language: MIRROR })).body
    check(language === MIRROR, `the language is ${language}`)
    try {
      await mirrored(desk, look, audit)
    } finally {
      await desk.api('PATCH', '/me', { language: 'en' })
    }
    await desk.page.context().close()
  })
  await step('axe has nothing serious to say', () => {
    check(found.length === 0, `\n${found.join('\n')}`)
    return `${audits} screens looked at`
  })
}

async function openTicket(desk) {
  const { body } = await desk.api('GET', '/tickets?shelf=all')
  const ticket = body.data.find((one) => one.subject.startsWith(SUBJECT)) ?? body.data[0]
  await desk.page.goto(`${desk.base}/inbox/open/${ticket.id}`)
  await see(desk.editor, 'the reply box')
  return ticket.id
}

async function wide(desk, look, audit) {
  const { page, base } = desk
  await page.goto(`${base}/inbox/open`)
  await see(page.locator('#list .row'), 'the list')
  await look('list')
  await openTicket(desk)
  await look('ticket')
  await audit('ticket')
  await desk.leaveFields()
  await desk.press('n')
  await see(page.locator('.composer.is-note'), 'the note')
  await look('note')
  await audit('note')
  await desk.press('Control+k')
  await see(page.locator('.palette'), 'the palette')
  await look('palette')
  await audit('palette')
  await desk.press('Escape')
  await desk.button('Reply').first().click()
  for (const [name, path] of [['customers', '/customers'], ['search', '/search?q=jacket'], ['settings-profile', '/settings/profile'], ['settings-keyboard', '/settings/keyboard'], ['settings-agents', '/settings/agents'], ['settings-shop', '/settings/shop'], ['settings-tokens', '/settings/tokens'], ['settings-stores', '/settings/stores/new'], ['settings-limits', '/settings/limits'], ['settings-updates', '/settings/updates'], ['settings-returns', '/settings/returns'], ['settings-parcels', '/settings/parcels'], ['parcels', '/parcels'], ['approvals', '/approvals']]) {
    await page.goto(base + path)
    await look(name)
    await audit(name)
  }
  await page.goto(`${base}/settings/inboxes`)
  await page.locator('.sl').first().click()
  await see(desk.button('Check the connection'), 'the inbox')
  await look('settings-inbox')
  await audit('settings-inbox')
}

async function phone(desk, look, audit) {
  const { page, base } = desk
  await page.setViewportSize(PHONE)
  await page.goto(`${base}/inbox/open`)
  await see(page.locator('#list .row'), 'the list')
  await look('phone-list')
  await audit('phone-list')
  const id = await openTicket(desk)
  await look('phone-ticket')
  await audit('phone-ticket')
  for (const [name, path] of [['phone-views', '/inbox/open?pane=views'], ['phone-customer', `/inbox/open/${id}?pane=customer`], ['phone-settings', '/settings/profile'], ['phone-agents', '/settings/agents'], ['phone-inboxes', '/settings/inboxes'], ['phone-stores', '/settings/stores'], ['phone-limits', '/settings/limits'], ['phone-updates', '/settings/updates'], ['phone-policy', '/settings/returns'], ['phone-rules', '/settings/parcels'], ['phone-parcels', '/parcels'], ['phone-approvals', '/approvals'], ['phone-customers', '/customers']]) {
    await page.goto(base + path)
    await look(name)
    await audit(name)
    await fits(page, name)
  }
  await page.goto(`${base}/search?q=jacket`)
  await look('phone-search')
  await fits(page, 'phone-search')
  await page.setViewportSize(WIDE)
}

async function mirrored(desk, look, audit) {
  const { page, base } = desk
  await openTicket(desk)
  check((await page.evaluate(() => document.documentElement.dir)) === 'rtl', 'the page does not run from right to left')
  const left = (selector) => page.locator(selector).first().evaluate((el) => el.getBoundingClientRect().left)
  const order = [await left('.customer'), await left('.ticket'), await left('#list'), await left('#views'), await left('.rail')]
  check(order.every((x, i) => i === 0 || x > order[i - 1]), `the panes stand at ${order.join(', ')}`)
  await look('ticket')
  await audit('ticket')
  await desk.leaveFields()
  await desk.press('.')
  const menu = page.getByRole('menu')
  await see(menu, 'the menu')
  check((await menu.getAttribute('dir')) === 'rtl', 'the menu runs from left to right')
  await look('menu')
  await desk.press('Escape')
  await desk.press('n')
  await see(page.locator('.composer.is-note'), 'the note')
  await desk.cursor()
  await page.keyboard.type('@')
  await see(page.locator('.mention'), 'the colleagues')
  const box = await page.locator('.mention').boundingBox()
  check(box.x >= 0 && box.x + box.width <= WIDE.width, `the colleagues stand at ${box.x}`)
  await look('mention')
  await desk.press('Escape', 'Backspace')
  await desk.button('Reply').first().click()
  await desk.press('Control+k')
  await see(page.locator('.palette'), 'the palette')
  await look('palette')
  await audit('palette')
  await desk.press('Escape')
  for (const path of ['customers', 'settings/profile', 'settings/keyboard', 'settings/inboxes/new', 'settings/limits', 'settings/updates', 'settings/returns', 'parcels', 'approvals']) {
    await page.goto(`${base}/${path}`)
    await look(path.replaceAll('/', '-'))
    await audit(path)
    await fits(page, path)
  }
  await page.setViewportSize(PHONE)
  await page.goto(`${base}/inbox/open`)
  await see(page.locator('#list .row'), 'the list')
  await look('phone-list')
  await openTicket(desk)
  await look('phone-ticket')
  await audit('phone-ticket')
  await fits(page, 'phone-ticket')
}

/** Nothing is to be found by scrolling sideways (1.4.10). */
async function fits(page, name) {
  await until(`${name} is no wider than the window`, () => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth))
}

/** Until nothing loads and nothing moves. */
async function settle(page) {
  await page.waitForLoadState('networkidle')
  await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => {}))))
}

async function problems(page) {
  await page.evaluate(axe)
  const { violations, passes } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'], iframes: false }))
  check(passes.length > 10, `axe looked at nothing on ${page.url()}`)
  return violations
    .filter((one) => one.impact === 'serious' || one.impact === 'critical')
    .map((one) => `${one.id} (${one.impact}): ${one.help}: ${one.nodes.slice(0, 3).map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`).join('; ')}`)
}
