// A shopper opens the chat and writes; an agent sees it at the desk and answers.
import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { check, gone, see, until } from '../world.mjs'

const SITE = 'fjellvik.example'
const KEY = randomBytes(32)
export const QUESTION = 'Does the Skarv 2 stand in a storm?'

/** What the shop's own server signs about somebody who is signed in there. */
export function signed(claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const now = Math.floor(Date.now() / 1000)
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ aud: SITE, iat: now, exp: now + 300, jti: randomUUID(), ...claims })}`
  return `${text}.${createHmac('sha256', KEY).update(text).digest('base64url')}`
}

export async function meeting(world, step) {
  const a = await world.desk(1)
  world.a = a
  await step('the owner signs in, and makes an inbox for the chat', async () => {
    await a.signIn(world.owner.email, world.owner.password, 'First Agent')
    check((await a.api('PATCH', '/me', { name: 'Ingrid Vik' })).status === 200, 'the agent got no name')
    check((await a.api('PATCH', '/shop', { name: 'Fjellvik' })).status === 200, 'the shop got no name')
    const keys = JSON.stringify({ keys: [{ kty: 'oct', k: KEY.toString('base64url') }] })
    const settings = { origins: `${world.shop.origin}, null`, colour: '#1d4b39', greeting: { de: 'Moin, wie können wir helfen?' }, identity: { keys } }
    const made = await a.api('POST', '/inboxes', { channel: 'chat', name: 'Chat', address: SITE, settings })
    check(made.status === 201, JSON.stringify(made.body))
    world.chat = made.body.id
  })
  await step('its form has the line for the shop’s pages, to be copied', async () => {
    await a.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await a.page.goto(`${a.base}/settings/inboxes/${world.chat}`)
    const line = `<script src="${a.base}/widget.js" data-inbox="${world.chat}" data-colour="#1d4b39" async></script>`
    await see(a.page.locator('.snippet code', { hasText: line }), line)
    await a.page.locator('.snippet').getByRole('button', { name: 'Copy' }).click()
    await see(a.toast('Copied'), 'that it is copied')
    check((await a.page.evaluate(() => navigator.clipboard.readText())) === line, 'something else was copied')
    await world.picture(a.page, 'chat-inbox')
    await a.page.goto(`${a.base}/inbox/open`)
  })
  const kim = await world.visitor()
  world.kim = kim
  await step('a page of the shop has the button; nothing was kept, and nothing asked for but one file', async () => {
    await kim.visit()
    await kim.page.waitForLoadState('networkidle')
    const ours = kim.asked.filter((url) => url.startsWith(kim.base))
    check(ours.length === 1 && ours[0].endsWith('/widget.js'), `asked for ${ours.join(', ')}`)
    const kept = await kim.kept()
    check(JSON.stringify(kept) === '{"lasting":{},"passing":{},"cookie":""}', `kept ${JSON.stringify(kept)}`)
    const took = await kim.page.evaluate(() => window.shown - performance.getEntriesByType('resource').find((one) => one.name.endsWith('/widget.js')).responseEnd)
    check(took < 500, `the button was there ${took} ms after the script`)
    return `the button was there ${took.toFixed(1)} ms after the script`
  })
  await step('opened, it greets, and still nothing is kept', async () => {
    await kim.launcher.click()
    await see(kim.panel.getByRole('heading', { name: 'Hello, how can we help?' }), 'the greeting')
    await see(kim.panel.getByText('Fjellvik'), 'the name of the shop')
    await kim.open()
    check((await kim.kept()).lasting[`shopbell.${world.chat}`] === undefined, 'something is kept')
  })
  await step('what the shopper writes stands there at once, and then it is sent', async () => {
    await kim.say(QUESTION)
    await kim.hears(QUESTION)
    await kim.fate('sent')
    check((await kim.kept()).cookie === '', 'a cookie was set')
  })
  await step('the agent sees it in the list, and opens it', async () => {
    await a.view('Open')
    await a.open(QUESTION)
    await see(a.message(QUESTION), 'the message')
  })
  await step('the shopper sees that it is read', () => kim.fate('read'))
  await step('the shopper sees that Ingrid writes', async () => {
    await a.write('Yes, up to 110 km/h. ')
    await see(kim.panel.locator('.typing'), 'the dots')
    await see(kim.panel.locator('.top', { hasText: /Ingrid\W* is writing/ }), 'who writes')
  })
  await step('the answer is there at once', async () => {
    await a.page.keyboard.type('See https://fjellvik.example/skarv (or ask).')
    await a.page.locator('#reply').getByRole('button', { name: /^Send/ }).first().click()
    const at = Date.now()
    await kim.hears('Yes, up to 110 km/h.')
    const took = Date.now() - at
    check((await kim.line('110 km/h').locator('a').getAttribute('href')) === 'https://fjellvik.example/skarv', 'the link leads elsewhere')
    await see(kim.line('110 km/h').locator('.by b', { hasText: 'Ingrid' }), 'her name')
    await gone(kim.panel.locator('.typing'), 'the dots')
    return `${took} ms after the click`
  })
  await step('the agent sees it was read', () => until('the event is there', async () => (await a.api('GET', `/tickets/${a.ticket}/events`)).body.data.some((event) => event.kind === 'message.read')))
  await step('text that looks like HTML stays text', async () => {
    await kim.say('<img src=x onerror=alert(1)> <b>bold</b>')
    await kim.hears('<img src=x onerror=alert(1)>')
    await see(a.message('<b>bold</b>'), 'the text at the desk')
  })
  await step('nothing broke the policy of the page', () => kim.isWithinPolicy())
}
