// A shop that tells of its orders: connected in the settings, its orders beside the tickets of those who write of them.
import { createHmac } from 'node:crypto'
import { check, gone, see, until } from './world.mjs'

const SECRET = 'a-secret-of-the-story'
const NUMBER = 'FV-70418'
const OTHER = 'FV-70419'
const SUBJECT = 'Where is my tent'

export async function orders(world, step) {
  const { a } = world
  const { page } = a
  const nora = world.shopper('Nora Order', 'nora@orders.example')
  await connected(world, step, nora)
  await step('a shopper names an order, and it stands beside their ticket', async () => {
    await a.view('Open')
    await nora.write(SUBJECT, `Where is ${NUMBER.toLowerCase()}? It was due on Friday.`)
    await a.open(SUBJECT)
    await see(card(page, NUMBER), 'the order beside the ticket')
    await see(page.getByRole('heading', { name: 'In this ticket' }), 'that it is meant')
    await see(page.locator('.o-item', { hasText: 'Skarv 2 tent' }).getByText('Spruce'), 'the variant')
    await see(page.locator('.parcel', { hasText: '…1829' }).getByRole('link', { name: 'Track' }), 'the way to its parcel')
    await see(page.locator('.acts-why', { hasText: 'Nothing can be done at Tents' }), 'why nothing can be done')
    await see(page.locator('.facts', { hasText: '€1,078.00' }), 'what the shopper is worth')
  })
  await step('the agent picks another one by its number, and takes it off', async () => {
    const menu = page.getByRole('button', { name: 'Which order this is about' })
    await menu.click()
    await page.getByRole('menuitem', { name: 'Pick another order' }).click()
    await page.getByLabel('Order number').fill('fv 70419')
    await page.getByRole('dialog').getByRole('button', { name: new RegExp(OTHER) }).click()
    await see(card(page, OTHER), 'the one that was picked')
    await menu.click()
    await page.getByRole('menuitem', { name: 'Take it off this ticket' }).click()
    await see(page.getByRole('heading', { name: 'Newest order' }), 'that it is the newest one only')
    await see(a.event('took the order off this ticket'), 'it in the timeline')
  })
  await step('what changes at the shop changes beside the ticket', async () => {
    check((await tell(world, [order(OTHER, 2, nora, { delivered_at: new Date().toISOString() })])) === 200, 'the change was not taken')
    await see(card(page, OTHER).getByText('Delivered', { exact: true }), 'that it is there now')
  })
  await limits(world, step)
}

const card = (page, number) => page.locator('.card.order', { has: page.locator('.o-head', { hasText: number }) })

async function connected(world, step, nora) {
  const { a } = world
  const { page } = a
  await step('a store is connected, and says where it sends its news', async () => {
    await page.goto(`${a.base}/settings/stores`)
    await page.getByRole('link', { name: 'Connect' }).click()
    await page.getByLabel('Shop system').selectOption('generic')
    await page.getByLabel('Name', { exact: true }).fill('Tents')
    await page.getByLabel('Secret for signed calls').fill(SECRET)
    await a.save()
    await page.waitForURL(/\/settings\/stores\/\d+/)
    await see(page.locator('.snippet code', { hasText: '/calls' }), 'the address')
    world.calls = await page.locator('.snippet code').innerText()
  })
  await step('its orders come in, signed; what is not is turned away and counted', async () => {
    const told = [order(NUMBER, 3, nora), order(OTHER, 2, nora)]
    check((await tell(world, told)) === 200, 'the orders were not taken')
    check((await tell(world, told, 'another secret of nobody')) === 401, 'a forged call was taken')
    await until('the forged call is counted', async () => (await a.api('GET', '/stores')).body.data[0].forged === 1)
    await page.reload()
    await see(page.getByText('1 call with a wrong signature was turned away.'), 'that it was counted')
  })
}

async function limits({ a }, step) {
  const { page } = a
  await step('limits are set in money, and nothing waits for a lead', async () => {
    await page.goto(`${a.base}/settings/limits`)
    await page.getByRole('button', { name: 'Add a limit' }).click()
    await page.getByLabel('At once').fill('50')
    await page.getByLabel('A day').fill('200,50')
    await a.save()
    const { body } = await a.api('GET', '/authority')
    check(body.data[0].once === 5000 && body.data[0].day === 20_050, `the limit is ${JSON.stringify(body.data)}`)
    await page.getByRole('link', { name: 'Approvals' }).click()
    await see(page.getByText('Nothing waits for a lead'), 'that nothing waits')
    await gone(page.locator('.rail a[href="/approvals"] .rail-badge'), 'the number of those that wait')
  })
}

/** What the shop sends to us; answers the status. */
async function tell({ calls }, told, secret = SECRET) {
  const body = JSON.stringify({ orders: told })
  const stamp = String(Math.floor(Date.now() / 1000))
  const signature = `v1=${createHmac('sha256', secret).update(`${stamp}.${body}`).digest('hex')}`
  const { status } = await fetch(calls, { method: 'POST', headers: { 'content-type': 'application/json', 'x-shopbell-timestamp': stamp, 'x-shopbell-signature': signature }, body })
  return status
}

function order(number, days, buyer, parcel = {}) {
  const at = (ago) => new Date(Date.now() - ago * 86_400_000).toISOString()
  return {
    id: number, number, placed_at: at(days), changed_at: new Date().toISOString(), currency: 'EUR', payment: 'paid', fulfilment: 'fulfilled',
    buyer: { id: 'nora', name: buyer.name, email: buyer.address, email_verified: true },
    lines: [{ id: '1', title: 'Skarv 2 tent', variant_title: 'Spruce', quantity: 1, shipped: 1, price: 53_900, total: 53_900 }],
    totals: { lines: 53_900, total: 53_900, paid: 53_900 },
    shipments: [{ id: '1', carrier: 'DHL', number: '00340434161094021829', url: 'https://carrier.example/1829', shipped_at: at(1), ...parcel }],
  }
}
