// The warehouse has it; the shop gives the money back, though the server dies and an answer gets lost: once.
import { check, PHONE, see, until, WIDE } from '../world.mjs'
import { card } from './asking.mjs'

export async function giving(world, step) {
  const { a, order } = world
  const { page } = a
  const returns = async () => (await a.api('GET', `/returns?number=${world.number}`)).body.data[0]
  await step('the warehouse scans the number and writes down what came', async () => {
    await page.getByRole('link', { name: 'Returns' }).first().click()
    await page.getByLabel("Scan or type a return's number").fill(world.number.replace('-', '').toLowerCase())
    await page.keyboard.press('Enter')
    const form = page.locator('.return-receipt')
    await see(form.getByText(order.goods), 'what should have come')
    await world.picture(page, 'warehouse')
    await page.setViewportSize(PHONE)
    await see(form.getByText(order.goods), 'it on a telephone')
    await world.picture(page, 'warehouse-phone')
    await page.setViewportSize(WIDE)
    await form.getByLabel('Condition').selectOption('opened')
  })
  await step('it is pressed twice, and the server dies', async () => {
    world.lost = await world.outside('lose')
    await a.button('Received').dblclick()
    await see(page.locator('.return-pane .bar', { hasText: 'received' }), 'that it was received')
    await world.outside('crash')
    const found = await until('the server is back', () => returns().catch(() => null))
    check(found.state === 'received' && found.money === 'due', `the return is ${found.state}, its money ${found.money}`)
    const line = (await a.api('GET', `/returns/${found.id}`)).body.lines[0].id
    const again = await a.api('POST', `/returns/${found.id}/receipt`, { lines: [{ id: line, received: 1, condition: 'new' }] })
    check(again.status === 409, `it came a second time: ${again.status}`)
    const paid = await a.api('POST', `/returns/${found.id}/payment`)
    check(paid.status === 409 || paid.status === 200, `asking for the money: ${paid.status}`)
  })
  await step('beside the ticket it says that the money is about to leave', async () => {
    await page.goto(world.ticket)
    await see(card(page, order.number).locator('.deed', { hasText: 'leaves in' }), 'the refund that waits')
    await world.picture(page, 'about-to-leave')
    check((await world.outside('refunds')).length === 0, 'money has left already')
  })
  await step('the shop gives it back, and where its answer gets lost, it is asked', async () => {
    await until('it is settled', async () => (await returns()).state === 'resolved', 60_000)
    return world.lost ? 'the answer got lost' : ''
  })
  await step('at the shop it was given back once, in full', async () => {
    const refunds = await world.outside('refunds')
    check(JSON.stringify(refunds) === JSON.stringify([order.price]), `the shop gave back ${JSON.stringify(refunds)}`)
  })
  await told(world, step)
}

async function told({ a, buyer, order, ticket, phone, number, outside, out }, step) {
  const { page } = a
  await step('the order beside the ticket says so', async () => {
    await outside('tell')
    await page.goto(ticket)
    await see(card(page, order.number).getByText('Partly refunded').or(card(page, order.number).getByText('Partially refunded')), 'that part of it went back')
    await page.screenshot({ path: `${out}/refunded.png` })
  })
  await step("the return's ticket tells all of it", async () => {
    await page.goto(`${a.base}/warehouse`)
    await page.getByRole('link', { name: number }).click()
    await page.getByRole('link', { name: 'Open ticket' }).click()
    for (const words of [`Return ${number} asked for`, 'Done at the shop: Refund of']) await see(a.event(words), words)
    await page.screenshot({ path: `${out}/timeline.png` })
  })
  await step('the shopper reads it, by mail and on the page', async () => {
    await buyer.mail('that it is settled', (one) => one.subject.includes(number) && one.subject.includes('settled'))
    await phone.reload()
    await see(phone.getByRole('heading', { name: 'All is settled' }), 'that it is settled')
    await phone.screenshot({ path: `${out}/phone-8-settled.png`, fullPage: true })
  })
  const refunds = await outside('refunds')
  check(refunds.length === 1, `in the end the shop gave back ${JSON.stringify(refunds)}`)
}
