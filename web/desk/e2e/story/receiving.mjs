// A shopper's HTML mail arrives in both desks and is shown safely.
import { readFile } from 'node:fs/promises'
import { check, gone, HELP, see, until } from './world.mjs'

export const SUBJECT = 'Waterproof jacket arrived torn'
const REMOTE = 'pictures.newsletter.example'
/** A red dot, 1 by 1. */
const DOT = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==', 'base64')

export async function receiving(world, step) {
  const { a, b } = world
  const kari = world.shopper('Kari Shopper', 'kari@shopper.example')
  world.kari = kari
  const asked = []
  for (const { page } of [a, b]) page.on('request', (request) => asked.push(request.url()))

  await step('both wait in the open list', async () => {
    for (const desk of [a, b]) await desk.view('Open')
  })
  let loads = 0
  for (const { page } of [a, b]) page.on('load', () => loads++)

  await step('a mail appears in both desks by itself, in less than 5 s', async () => {
    const { accepted, id } = await kari.write(SUBJECT, 'See the picture.', mail())
    world.firstMail = id
    await Promise.all([a, b].map((desk) => see(desk.row(SUBJECT), 'the new ticket')))
    const took = Date.now() - accepted
    check(took < 5000, `it took ${took} ms from the SMTP server to both desks`)
    check(loads === 0, 'a page was loaded again')
    return `${took} ms after the SMTP server took it`
  })
  await step('it is unread for both, counted, and says who waits', async () => {
    for (const desk of [a, b]) {
      check(await desk.row(SUBJECT).evaluate((row) => row.classList.contains('is-unread')), 'the row is not unread')
      await see(desk.row(SUBJECT).getByText(kari.name), 'the name of the shopper')
      await see(desk.page.locator('#views .vlink', { hasText: 'Unassigned' }).locator('.count', { hasText: '1' }), 'one unassigned')
    }
  })
  await step('A opens it; it is read for A and unread for B', async () => {
    await a.open(SUBJECT)
    await until('it is read for A', () => a.row(SUBJECT).evaluate((row) => !row.classList.contains('is-unread')))
    check(await b.row(SUBJECT).evaluate((row) => row.classList.contains('is-unread')), 'B lost the unread mark')
  })
  await shownSafely(world, step, asked)
  await files(world, step)
}

function mail() {
  return {
    html: `<div style="color:#222"><h2>Hello Fjellvik</h2><p>The seam is <b>torn</b>, see here:</p>
      <p><img src="cid:seam" alt="The seam" width="40" height="40"></p>
      <p><img src="https://${REMOTE}/pixel.gif" width="1" height="1" alt=""><script>window.top.owned = true</script>
      <a href="javascript:alert(1)" onclick="alert(2)">a bad link</a></p></div>
      <div class="gmail_quote"><div class="gmail_attr">On Mon, 2 Mar 2026 at 09:00, Fjellvik &lt;${HELP}&gt; wrote:<br></div>
      <blockquote class="gmail_quote">Your order 1042 has left Oslo.</blockquote></div>`,
    attachments: [
      { filename: 'seam.png', content: DOT, cid: 'seam', contentType: 'image/png', contentDisposition: 'inline' },
      { filename: 'receipt 1042 – søm.txt', content: 'Order 1042, 1 jacket\n', contentType: 'text/plain' },
    ],
  }
}

async function shownSafely({ a }, step, asked) {
  const { page } = a
  const frame = page.locator('iframe.mail-frame').first()
  const inside = (ask) => frame.evaluate(ask)
  const strangers = () => asked.filter((url) => new URL(url).protocol.startsWith('http') && !url.startsWith('http://127.0.0.1:'))

  await step('its HTML stands in a frame that may run nothing', async () => {
    await see(frame, 'the mail')
    const sandbox = await frame.getAttribute('sandbox')
    check(sandbox !== null && !sandbox.includes('allow-scripts'), `the sandbox is “${sandbox}”`)
    const html = await until('the mail is drawn', () => inside((f) => f.contentDocument?.body?.innerHTML))
    check(html.includes('torn') && html.includes('<h2'), `the mail lost its text: ${html}`)
    check(!/<script|onclick|javascript:/i.test(html), `the mail kept something that runs: ${html}`)
    check(await inside((f) => f.contentDocument.head.innerHTML.includes("default-src 'none'")), 'the frame has no policy')
    check(await page.evaluate(() => !('owned' in window)), 'a script of the mail ran')
  })
  await step('the inline picture is seen', () =>
    until('the picture is drawn', () => inside((f) => f.contentDocument.querySelector('img[alt="The seam"]')?.naturalWidth > 0)))
  await step('the quote is folded, and opens', async () => {
    check(!(await inside((f) => f.contentDocument.body.textContent.includes('has left Oslo'))), 'the quote is in the open')
    await a.button('Show quoted text').click()
    await until('the quote is shown', async () => (await page.frameLocator('.ev-quoted iframe').locator('body').innerText()).includes('has left Oslo'))
    await a.button('Hide quoted text').click()
  })
  await step('nothing was asked of the remote host', async () => {
    check(strangers().length === 0, `the desk asked ${strangers().join(', ')}`)
    check(!asked.some((url) => url.includes('image-proxy')), 'the proxy was asked before anybody wished so')
  })
  await step('“Show pictures” asks our proxy, and still not the host', async () => {
    await a.button('Show pictures').click()
    await until('the proxy is asked', () => asked.some((url) => url.includes('/image-proxy') && url.includes(REMOTE)))
    await gone(a.button('Show pictures'), 'the offer to show pictures')
    check(strangers().length === 0, `the desk asked ${strangers().join(', ')}`)
  })
}

async function files({ a }, step) {
  const { page } = a
  const download = async (link) => {
    const [got] = await Promise.all([page.waitForEvent('download'), link.click()])
    return { name: got.suggestedFilename(), text: await readFile(await got.path(), 'utf8') }
  }
  await step('the attachment downloads under its name', async () => {
    const file = page.locator('a.file', { hasText: 'receipt' })
    const got = await download(file)
    check(got.text === 'Order 1042, 1 jacket\n', `the file says ${got.text}`)
    check(got.name === 'receipt 1042 – søm.txt', `the file is called ${got.name}`)
  })
  await step('the original mail downloads', async () => {
    await a.button('Details').first().click()
    const got = await download(page.getByRole('link', { name: 'Download original' }))
    check(got.text.includes(`Subject: ${SUBJECT}`) && got.text.includes('<script>'), 'the original is not what was sent')
    await a.button('Details').first().click()
  })
}
