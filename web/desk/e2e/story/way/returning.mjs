// The shopper follows the parcel and sends a piece of it back: on a telephone, without an account and without script.
import { check, PHONE, see } from '../world.mjs'
import { card } from './asking.mjs'

export async function returning(world, step) {
  await step('the carrier brings it, which the agent sees at once', async () => {
    await world.outside('bring', world.order.parcel)
    await see(card(world.a.page, world.order.number).locator('.parcel', { hasText: 'delivered' }), 'that it was brought')
    await see(card(world.a.page, world.order.number).locator('.pill-ok', { hasText: 'Delivered' }), 'that the order is there')
  })
  const context = await world.context({ javaScriptEnabled: false, viewport: PHONE, deviceScaleFactor: 2, hasTouch: true })
  const page = await world.watched(context)
  world.desks.push({ page })
  world.phone = page
  const shot = (name) => page.screenshot({ path: `${world.out}/phone-${name}.png`, fullPage: true })
  const next = (name) => page.getByRole('button', { name }).click()

  await step('the link in the answer shows where the parcel is', async () => {
    await page.goto(world.follow)
    await see(page.getByRole('heading', { name: 'Handed to the recipient' }), 'that it was delivered')
    await shot('1-parcel')
  })
  const items = page.getByRole('heading', { name: 'What would you like to send back?' })
  await step('from there the way leads straight to what can be sent back', async () => {
    await page.getByRole('link', { name: 'Return something' }).click()
    await see(items, 'the items')
  })
  await step('who has no link finds the order by its number and their address', async () => {
    await page.goto(`${world.a.base}/returns/1`)
    await page.getByLabel('Order number').fill(world.order.number.toLowerCase())
    await page.getByLabel('Mail address or postcode').fill('nobody@shoppers.example')
    await next('Find the order')
    await see(page.getByText('We found no order with this number and this address.'), 'that it is not theirs')
    await page.getByLabel('Mail address or postcode').fill(world.buyer.address)
    await shot('2-find')
    await next('Find the order')
    await see(items, 'the items')
  })
  await step('one piece, a reason, the money, a label', async () => {
    await page.getByRole('checkbox', { name: world.order.goods }).check()
    await shot('3-items')
    await next('Next, the reason')
    await page.getByText('Too small', { exact: true }).click()
    await shot('4-reason')
    await next('Next, what instead')
    await page.getByRole('radio', { name: /^Money back/ }).check()
    await shot('5-instead')
    await next('Next, send back')
    await page.getByRole('radio', { name: /^A label to print/ }).check()
    await see(page.getByText(`You get EUR ${(world.order.price / 100).toFixed(2)} back.`), 'what they get')
    await shot('6-send')
    await next('Send this request')
    await see(page.getByRole('heading', { name: 'All is ready for sending it back' }), 'that it was taken')
    world.number = await page.locator('.number').innerText()
    await shot('7-ready')
  })
  await step('the label is a PDF, and a letter leads to it, too', async () => {
    const label = await page.getByRole('link', { name: 'Get the label' }).getAttribute('href')
    const answer = await page.request.get(new URL(label, page.url()).href)
    const pdf = await answer.body()
    check(answer.status() === 200 && answer.headers()['content-type'] === 'application/pdf', `${answer.status()} ${answer.headers()['content-type']}`)
    check(pdf.subarray(0, 5).toString() === '%PDF-', `the label begins with ${pdf.subarray(0, 5)}`)
    const mail = await world.buyer.mail('the label', (one) => one.subject.includes(world.number) && /\/returns\/r\//.test(one.text ?? ''))
    check(mail.text.includes(world.order.goods), `the letter says ${mail.text}`)
    return world.number
  })
}
