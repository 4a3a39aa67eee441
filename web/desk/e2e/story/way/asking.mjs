// Somebody buys and asks where the parcel is; the agent sees it beside the ticket and answers.
import { check, see, until } from '../world.mjs'

const SUBJECT = 'Where is my parcel?'
const ANSWER = 'Hello {{customer.first_name}}, order {{order.number}} is on its way with {{order.carrier}}. You can follow it here: {{order.page_url}}'

export const card = (page, number) => page.locator('.card.order', { has: page.locator('.o-head', { hasText: number }) })

export async function asking(world, step) {
  const { a } = world
  const { page } = a
  await step('an order is placed at the shop, and is here without anybody asking', async () => {
    const address = 'buyer@shoppers.example'
    world.order = await world.outside('sell', address)
    world.buyer = world.shopper(world.order.buyer, address)
    const path = `/orders?number=${encodeURIComponent(world.order.number)}`
    world.order.id = await until('the order is here', async () => (await a.api('GET', path)).body.data?.[0]?.id)
    return world.order.number
  })
  await step('it leaves in a parcel', async () => {
    world.order.parcel = await world.outside('ship', '')
    await until('its parcel is here', async () => (await a.api('GET', `/shipments?order=${world.order.id}`)).body.data.some((one) => one.number === world.order.parcel))
  })
  await step('its buyer writes a mail, and it stands beside the ticket with its parcel', async () => {
    await a.view('Open')
    await world.buyer.write(SUBJECT, `Where is my parcel? My order is ${world.order.number}.`)
    await a.open(SUBJECT)
    const order = card(page, world.order.number)
    await see(page.getByRole('heading', { name: 'In this ticket' }), 'that it is meant')
    await see(order.locator('.o-item', { hasText: world.order.goods }), 'what was bought')
    await see(order.locator('.parcel', { hasText: world.order.parcel.slice(-4) }).getByRole('link', { name: 'Track' }), 'the way to its parcel')
    await world.picture(page, 'beside-the-ticket')
    world.ticket = page.url()
  })
  await step('the agent answers with what is known of the order', async () => {
    const { status } = await a.api('POST', '/canned-answers', { name: 'Where it is', shortcut: 'where', text: ANSWER })
    check(status === 201, `the answer was not kept: ${status}`)
    await a.write('/whe')
    await see(page.getByRole('option', { name: 'Where it is' }), 'what the slash finds')
    await page.keyboard.press('Enter')
    await until('the answer is filled in', async () => (await a.editor.innerText()).includes(`order ${world.order.number} is on its way`))
    check(!(await a.editor.innerText()).includes('{{'), `something is missing: ${await a.editor.innerText()}`)
    await page.locator('#reply').getByRole('button', { name: /^Send/ }).first().click()
    const mail = await world.buyer.mail('the answer', (one) => /is on its way/.test(one.text ?? ''))
    world.follow = mail.html.match(/<a [^>]*href="(http[^"]+\/track\/[^"]+)"/)?.[1]
    check(world.follow, `no link can be clicked in ${mail.html}`)
  })
}
