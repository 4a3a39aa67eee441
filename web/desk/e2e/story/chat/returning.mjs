// The shopper loads the page again, opens another tab, and the server dies in between: nothing is lost or doubled.
import { check, gone, see, until } from '../world.mjs'
import { QUESTION } from './meeting.mjs'

async function answer(desk, text) {
  await desk.write(text)
  await desk.page.locator('#reply').getByRole('button', { name: /^Send/ }).first().click()
}

export async function returning(world, step) {
  const { a, kim } = world
  const before = await kim.said()
  await step('after a reload the conversation stands there, open as it was', async () => {
    await kim.visit()
    await kim.hears(QUESTION)
    check(JSON.stringify(await kim.said()) === JSON.stringify(before), `it says ${await kim.said()}`)
  })
  let tab
  await step('a second tab is in step, both ways', async () => {
    tab = await kim.tab()
    await tab.open('Go on with the chat')
    await tab.hears(QUESTION)
    await tab.say('From the second tab')
    await kim.hears('From the second tab')
    await kim.say('From the first')
    await tab.hears('From the first')
  })
  await step('closed, the button counts what is new, and shows it', async () => {
    await kim.panel.getByRole('button', { name: 'Close the chat' }).click()
    await tab.panel.getByRole('button', { name: 'Close the chat' }).click()
    await kim.page.bringToFront()
    await answer(a, 'A new pole is on its way.')
    await see(kim.page.locator('.launcher .badge', { hasText: '1' }), 'the badge')
    await see(kim.page.locator('.pop', { hasText: 'A new pole' }), 'what was said')
    await kim.settled()
    await world.picture(kim.page, 'chat-pop')
  })
  await step('read in one tab, it is read in the other', async () => {
    await kim.page.locator('.pop .say').click()
    await kim.hears('A new pole')
    await gone(tab.page.locator('.launcher .badge'), 'the badge in the other tab')
    await tab.page.close()
  })
  await step('the server dies while the shopper writes', async () => {
    await world.servers('stop')
    await kim.say('Written into the dark')
    await kim.say('And this, too')
    await see(kim.line('Written into the dark').getByText('Sends when you are back online'), 'that it waits')
    await see(kim.panel.locator('.alert', { hasText: 'No connection' }), 'that there is no connection')
    await world.picture(kim.page, 'chat-offline')
  })
  await step('even a reload loses nothing of it', async () => {
    await world.servers('start')
    await kim.visit()
    for (const text of ['Written into the dark', 'And this, too']) await kim.hears(text)
    await kim.fate('sent')
  })
  await step('nothing is lost, doubled or out of order, on neither side', async () => {
    const mine = ['From the second tab', 'From the first', 'Written into the dark', 'And this, too']
    const said = await until('all is there', async () => {
      const all = await kim.said()
      return mine.every((text) => all.includes(`mine: ${text}`)) && all
    })
    check(new Set(said).size === said.length, `something stands there twice: ${said.join(' | ')}`)
    check(said.indexOf('mine: Written into the dark') < said.indexOf('mine: And this, too'), 'they stand in the wrong order')
    const messages = await until('all is at the desk', async () => {
      const { body } = await a.api('GET', `/tickets/${a.ticket}/messages`)
      const texts = body?.data?.map((message) => message.text) ?? []
      return mine.every((text) => texts.includes(text)) && texts
    })
    check(new Set(messages).size === messages.length, `at the desk something stands twice: ${messages.join(' | ')}`)
  })
  await step('and it goes on', async () => {
    await a.page.reload()
    await see(a.editor, 'the reply box')
    await answer(a, 'Back again.')
    await kim.hears('Back again.')
  })
  await consent(world, step)
}

async function consent(world, step) {
  const key = `shopbell.${world.chat}`
  await step('before consent nothing outlives the tab; with it the conversation does; without it not', async () => {
    const wary = await world.visitor({ consent: 'wait' })
    await wary.visit()
    await wary.open()
    await wary.say('Nothing to keep, please')
    await wary.fate('sent')
    let kept = await wary.kept()
    check(kept.lasting[key] === undefined && kept.passing[key]?.includes('token'), `kept ${JSON.stringify(kept)}`)
    await wary.visit()
    await wary.hears('Nothing to keep, please')
    await wary.page.evaluate(() => window.shopbell('consent', true))
    kept = await wary.kept()
    check(kept.lasting[key]?.includes('token') && kept.passing[key] === undefined, `with consent: ${JSON.stringify(kept)}`)
    await wary.page.evaluate(() => window.shopbell('consent', false))
    kept = await wary.kept()
    check(kept.lasting[key] === undefined, `after consent was taken back: ${JSON.stringify(kept)}`)
    await wary.page.context().close()
  })
  await step('in a sandboxed frame, without storage, it works as long as the page', async () => {
    const boxed = await world.visitor({ path: 'sandbox' })
    await boxed.page.goto(boxed.address)
    const frame = boxed.page.frameLocator('iframe')
    await frame.locator('.launcher').click()
    await frame.getByRole('button', { name: 'Start a chat' }).click()
    await frame.locator('textarea').fill('From a box')
    await frame.locator('textarea').press('Enter')
    await until('it is sent', () => frame.locator('.fate[data-fate=sent]').count())
    await boxed.page.context().close()
  })
  await step('under a policy of nonces, in an isolated page, it works, too', async () => {
    const wary = await world.visitor({ nonce: '1' })
    await wary.visit()
    check(await wary.page.evaluate(() => crossOriginIsolated), 'the page is not isolated')
    await wary.open()
    await wary.say('Behind walls')
    await wary.fate('sent')
    await wary.isWithinPolicy()
    await wary.page.context().close()
  })
}
