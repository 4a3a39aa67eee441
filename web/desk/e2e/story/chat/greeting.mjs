// The shop speaks first by a rule that an owner makes in words; and who consents is seen on the pages they look at.
import { check, gone, see, until } from '../world.mjs'

const HELP = 'Can I help you choose a tent?'

export async function greeting(world, step) {
  const { a } = world
  await step('the owner makes a greeting, in words', async () => {
    await a.page.goto(`${a.base}/settings/greetings`)
    await a.page.getByRole('button', { name: 'New greeting' }).click()
    const dialog = a.page.getByRole('dialog')
    await dialog.getByLabel('Name', { exact: true }).fill('Tents')
    await dialog.getByLabel('Text', { exact: true }).fill(HELP)
    await dialog.getByRole('button', { name: 'Add a page' }).click()
    await dialog.getByLabel('Part of the address').fill('/stoves')
    await dialog.getByLabel('Seconds on the page').fill('1')
    await dialog.getByLabel('Cart of at least').fill('50')
    await world.picture(a.page, 'greeting-form')
    await dialog.getByRole('button', { name: 'Save changes' }).click()
    await see(a.page.getByText('on pages that begin with /stoves, after one second, with a cart of at least €50.00'), 'when it is shown')
  })
  const jo = await world.visitor({ path: 'stoves' })
  await step('a page with too small a basket greets nobody, and tells nothing', async () => {
    await jo.visit()
    await jo.page.evaluate(() => window.shopbell('set', { cart: { value: 4999, currency: 'EUR' } }))
    await until('the page has asked what there is', () => jo.asked.some((address) => address.endsWith('/greetings')))
    await jo.page.waitForTimeout(2500)
    check((await jo.page.locator('.pop').count()) === 0, 'somebody was greeted')
    check(!jo.asked.some((address) => /sessions|\/page$/.test(address)), 'the shop was told something')
  })
  await step('with enough in it the shop speaks first, and takes no focus', async () => {
    await jo.page.evaluate(() => document.querySelector('button').focus())
    await jo.page.evaluate(() => window.shopbell('set', { cart: { value: 5000, currency: 'EUR' } }))
    await see(jo.page.locator('.pop', { hasText: HELP }), 'the greeting')
    check(await jo.page.evaluate(() => document.activeElement?.tagName === 'BUTTON'), 'the focus has gone')
    check(!jo.asked.some((address) => /sessions|\/page$/.test(address)), 'the shop was told something')
    await world.picture(jo.page, 'chat-greeting')
  })
  await step('who closes it is left alone', async () => {
    await jo.page.keyboard.press('Escape')
    await gone(jo.page.locator('.pop'), 'the greeting')
    await jo.visit()
    await jo.page.evaluate(() => window.shopbell('set', { cart: { value: 5000, currency: 'EUR' } }))
    await jo.page.waitForTimeout(4500)
    check((await jo.page.locator('.pop').count()) === 0, 'they were greeted again')
    await jo.isWithinPolicy()
    await jo.page.context().close()
  })
  await step('who answers has a conversation that begins with it', async () => {
    const kim = await world.visitor({ path: 'stoves', options: { viewport: { width: 390, height: 844 }, colorScheme: 'dark' } })
    await kim.visit()
    await kim.page.evaluate(() => {
      window.shopbell('consent', true)
      window.shopbell('set', { cart: { value: 9000, currency: 'EUR' } })
    })
    await kim.page.locator('.pop .say', { hasText: HELP }).click()
    await kim.hears(HELP)
    await kim.say('Yes, a warm one')
    await kim.fate('sent')
    check((await kim.said()).join(' | ') === `them: ${HELP} | mine: Yes, a warm one`, `it reads ${(await kim.said()).join(' | ')}`)
    await world.picture(kim.page, 'chat-greeting-answered')
    world.greeted = kim
  })
  await step('at the desk the greeting stands before their words, and they have a short name', async () => {
    await a.view('Open')
    await a.open('Yes, a warm one')
    await see(a.message(HELP).getByText('Greeting', { exact: true }), 'that a greeting said it')
    await see(a.page.locator('#list .row', { hasText: /Visitor [0-9A-F]{4}/ }).first(), 'a short name')
    await world.picture(a.page, 'greeting-answered')
  })
  await step('the page that they agreed to be seen on stands in their journey', async () => {
    const { customer } = (await a.api('GET', `/tickets/${a.ticket}`)).body
    const { data } = (await a.api('GET', `/customers/${customer.id}/journey?kinds=pages`)).body
    check(data.length === 1 && data[0].pages[0].url.endsWith('/stoves'), JSON.stringify(data))
    await a.page.goto(`${a.base}/customers/${customer.id}`)
    await a.page.locator('.customer-page .seg').getByRole('link', { name: 'Journey' }).click()
    await see(a.page.getByText('Looked at one page'), 'the page')
    await world.picture(a.page, 'journey-pages')
    await world.greeted.page.evaluate(() => window.shopbell('consent', false))
    await until('it is forgotten', async () => (await a.api('GET', `/customers/${customer.id}/journey?kinds=pages`)).body.data.length === 0)
    await world.greeted.page.context().close()
    await a.api('DELETE', `/greetings/${(await a.api('GET', `/inboxes/${world.chat}/greetings`)).body.data[0].id}`)
    await a.page.goto(`${a.base}/inbox/open`)
  })
}
