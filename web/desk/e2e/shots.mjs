// Takes pictures of the main screens in both themes and at phone width, to be looked at beside the design.
// BASE_URL=http://127.0.0.1:7070 EMAIL=… PASSWORD=… OUT=shots node e2e/shots.mjs
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { launch, signIn } from './browser.mjs'

const { BASE_URL = 'http://127.0.0.1:7070', EMAIL = '', PASSWORD = '', OUT = 'shots' } = process.env
mkdirSync(OUT, { recursive: true })

const wide = { width: 1440, height: 900 }
const phone = { width: 390, height: 844 }
const pages = [
  ['customers', '/customers'],
  ['search', '/search?q=refund'],
  ['settings-profile', '/settings/profile'],
  ['settings-sessions', '/settings/sessions'],
  ['settings-shop', '/settings/shop'],
  ['settings-agents', '/settings/agents'],
  ['settings-teams', '/settings/teams'],
  ['settings-inboxes', '/settings/inboxes'],
  ['settings-inbox-new', '/settings/inboxes/new'],
  ['settings-stores', '/settings/stores'],
  ['settings-limits', '/settings/limits'],
  ['settings-updates', '/settings/updates'],
  ['settings-returns', '/settings/returns'],
  ['settings-parcels', '/settings/parcels'],
  ['parcels', '/parcels'],
  ['returns', '/warehouse'],
  ['approvals', '/approvals'],
  ['settings-tokens', '/settings/tokens'],
  ['settings-quarantine', '/settings/quarantine'],
  ['settings-jobs', '/settings/jobs'],
]

async function take(page, name) {
  await page.waitForTimeout(500)
  await page.screenshot({ path: join(OUT, `${name}.png`) })
}

async function desk(page, tag) {
  await page.goto(`${BASE_URL}/inbox/open`)
  await page.waitForSelector('.row')
  await take(page, `desk-list-${tag}`)
  const first = page.locator('.row').nth(2)
  await first.click()
  await page.waitForSelector('.timeline')
  await page.waitForSelector('.c-text[contenteditable]')
  await page.waitForTimeout(600)
  await take(page, `desk-ticket-${tag}`)
  return page.url()
}

async function overlays(page, tag) {
  await page.keyboard.press('n')
  await take(page, `desk-note-${tag}`)
  await page.keyboard.press('Escape')
  await page.locator('body').click({ position: { x: 5, y: 5 } })
  await page.keyboard.press('Control+k')
  await page.waitForSelector('.palette')
  await page.keyboard.type('ma')
  await take(page, `palette-${tag}`)
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  await take(page, `keys-${tag}`)
  await page.keyboard.press('Escape')
}

async function round(browser, colorScheme) {
  const context = await browser.newContext({ viewport: wide, colorScheme, locale: 'en-GB' })
  const page = await context.newPage()
  await page.goto(`${BASE_URL}/sign-in`)
  await page.waitForSelector('form')
  await take(page, `sign-in-${colorScheme}`)
  await signIn(page, BASE_URL, EMAIL, PASSWORD)
  const ticket = await desk(page, colorScheme)
  await overlays(page, colorScheme)
  for (const [name, path] of pages) {
    await page.goto(BASE_URL + path)
    await take(page, `${name}-${colorScheme}`)
  }
  await page.setViewportSize(phone)
  for (const [name, url] of [['list', `${BASE_URL}/inbox/open`], ['ticket', ticket], ['customer', `${ticket}?pane=customer`], ['views', `${BASE_URL}/inbox/open?pane=views`], ['settings', `${BASE_URL}/settings/profile`], ['inboxes', `${BASE_URL}/settings/inboxes`], ['customers', `${BASE_URL}/customers`]]) {
    await page.goto(url)
    await page.waitForTimeout(700)
    await take(page, `phone-${name}-${colorScheme}`)
  }
  await context.close()
}

const browser = await launch()
try {
  await round(browser, 'light')
  await round(browser, 'dark')
} finally {
  await browser.close()
}
console.log(`pictures are in ${OUT}`)
