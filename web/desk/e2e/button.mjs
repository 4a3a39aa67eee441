// How long a shop's page waits for the chat's button: from the moment the browser asks for the script, and from the moment
// it has it, until the button can be pressed. `make bench` asks for it: BASE is the server, INBOX the chat.
import { launch } from './browser.mjs'
import { openShop } from './shop.mjs'

const { BASE, INBOX, TIMES = '25' } = process.env
const shop = await openShop()
const browser = await launch()
const asked = []
const had = []
for (let time = 0; time < Number(TIMES); time++) {
  // Nothing is kept from the page before.
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(`${shop.origin}/tent?node=${encodeURIComponent(BASE)}&inbox=${INBOX}`)
  await page.waitForFunction(() => window.shown)
  await page.getByRole('button', { name: 'Open the chat' }).click({ trial: true })
  const { start, end, shown } = await page.evaluate(() => {
    const { startTime, responseEnd } = performance.getEntriesByType('resource').find((one) => one.name.endsWith('/widget.js'))
    return { start: startTime, end: responseEnd, shown: window.shown }
  })
  asked.push(shown - start)
  had.push(shown - end)
  await context.close()
}
await browser.close()
shop.close()
console.log(JSON.stringify({ asked, had }))
