// The contact form in a real browser: on a page of the shop by its one line, and by itself with scripts switched off.
// BASE_URL=http://127.0.0.1:7070 INBOX=3 SITE_PORT=7195 OUT=shots node e2e/form.mjs
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { launch } from './browser.mjs'

const { BASE_URL, INBOX, SITE_PORT, OUT = 'e2e-shots' } = process.env
mkdirSync(OUT, { recursive: true })
const phone = { width: 390, height: 844 }
const wide = { width: 1200, height: 900 }

// A shop's page under a strict policy of its own.
const policy = `default-src 'none'; script-src ${BASE_URL}; frame-src ${BASE_URL}`
const shop = createServer((_, answer) => {
  answer.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': policy })
  answer.end(`<!doctype html><html lang="de"><title>Shop</title><h1>Kontakt</h1><script src="${BASE_URL}/form.js" data-inbox="${INBOX}" async></script>`)
})
await new Promise((there) => shop.listen(Number(SITE_PORT), '127.0.0.1', there))

/** What a browser complains about is wrong, except what the step is about. */
function listen(page, complaints) {
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
}

async function onTheShopsPage(browser) {
  const context = await browser.newContext({ viewport: wide, locale: 'en-GB' })
  const page = await context.newPage()
  const complaints = []
  listen(page, complaints)
  await page.goto(`http://127.0.0.1:${SITE_PORT}/`)
  const frame = page.frameLocator('iframe')
  await frame.locator('button').waitFor()
  const height = () => page.locator('iframe').evaluate((one) => one.clientHeight)
  const inner = () => frame.locator('body').evaluate((one) => Math.ceil(one.getBoundingClientRect().height))
  await page.waitForFunction(() => document.querySelector('iframe').clientHeight > 700)
  assert.equal(await height(), await inner(), 'the frame is as high as the form')
  assert.equal(await frame.locator('h1').textContent(), 'An Fjellvik schreiben', 'in the language of the page')
  await page.screenshot({ path: join(OUT, 'form-embedded.png'), fullPage: true })
  await frame.locator('#email').fill('kari@post.example')
  await frame.locator('#text').fill('Passt der Hering zum Skarv 2?')
  // Meanwhile the script has worked for it.
  await frame.locator('input[name=work]').evaluate((field) => new Promise((done) => {
    const look = () => (field.value ? done() : setTimeout(look, 50))
    look()
  }))
  // Nobody types that fast.
  await page.waitForTimeout(3200)
  await frame.locator('button').click()
  await frame.locator('.number b').waitFor({ timeout: 15_000 })
  assert.match(await frame.locator('.number b').textContent(), /^#\d+$/)
  await page.waitForFunction(() => document.querySelector('iframe').clientHeight < 500)
  await page.screenshot({ path: join(OUT, 'form-embedded-sent.png'), fullPage: true })
  assert.deepEqual(complaints, [])
  await context.close()
}

async function byItself(browser, colorScheme, viewport, lang) {
  const context = await browser.newContext({ viewport, colorScheme, javaScriptEnabled: false, locale: lang })
  const page = await context.newPage()
  await page.goto(`${BASE_URL}/forms/${INBOX}`)
  const name = `form-${lang}-${colorScheme}-${viewport.width}`
  await page.screenshot({ path: join(OUT, `${name}.png`), fullPage: true })
  await page.fill('#name', 'Jo')
  await page.fill('#email', 'jo@post')
  await page.fill('#text', 'Is it waterproof?')
  await page.setInputFiles('#files', [
    { name: 'tent.png', mimeType: 'image/png', buffer: Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0', 'latin1') },
    { name: 'x.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg/>') },
  ])
  await page.click('button')
  await page.locator('#files-why').waitFor()
  assert.equal(await page.inputValue('#text'), 'Is it waterproof?')
  await page.screenshot({ path: join(OUT, `${name}-wrong.png`), fullPage: true })
  const wide = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth).catch(() => true)
  assert.ok(wide, 'nothing to scroll sideways')
  await page.fill('#email', 'jo@post.example')
  await page.click('button')
  await page.locator('.number b').waitFor({ timeout: 15_000 })
  await page.screenshot({ path: join(OUT, `${name}-sent.png`), fullPage: true })
  await context.close()
}

const browser = await launch()
try {
  await onTheShopsPage(browser)
  await byItself(browser, 'light', wide, 'en')
  await byItself(browser, 'dark', phone, 'ar')
  await byItself(browser, 'light', phone, 'de')
} finally {
  await browser.close()
  shop.close()
}
console.log(`pictures are in ${OUT}`)
