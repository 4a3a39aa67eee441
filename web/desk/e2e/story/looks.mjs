// Pictures of the main screens, wide and on a phone, in both themes; and what axe says about them.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { check, PHONE, see, WIDE } from './world.mjs'

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
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
  for (const [name, path] of [['customers', '/customers'], ['search', '/search?q=jacket'], ['settings-profile', '/settings/profile'], ['settings-agents', '/settings/agents'], ['settings-shop', '/settings/shop'], ['settings-tokens', '/settings/tokens']]) {
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
  const id = await openTicket(desk)
  await look('phone-ticket')
  await audit('phone-ticket')
  for (const [name, path] of [['phone-views', '/inbox/open?pane=views'], ['phone-customer', `/inbox/open/${id}?pane=customer`], ['phone-settings', '/settings/profile'], ['phone-inboxes', '/settings/inboxes'], ['phone-customers', '/customers']]) {
    await page.goto(base + path)
    await look(name)
  }
  await page.setViewportSize(WIDE)
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
