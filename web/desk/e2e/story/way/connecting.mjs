// The owner connects the shop in the settings, and says what it takes back.
import { check, see, until } from '../world.mjs'

/** The form's own words for what each shop system is reached by. */
const LABELS = {
  shopify: { shop: /^Store's address/, client_secret: 'Client secret of the app', access_token: /^Access token/ },
  woocommerce: { address: /^Shop's address/, consumer_key: 'Consumer key', consumer_secret: 'Consumer secret' },
  medusa: { address: /^Address of the Medusa server/, key: /^Secret API key/, webhook_secret: /^Webhook secret/ },
  vendure: { address: /^Address of the Vendure server/, key: 'API key', webhook_secret: /^Webhook secret/ },
}

export async function connecting(world, step) {
  const a = await world.desk()
  world.a = a
  const { page } = a
  const { platform, settings } = world.shop
  await step('the owner signs in', () => a.signIn(world.owner.email, world.owner.password, 'Owner'))
  await a.api('PATCH', '/shop', { name: 'Fjellvik' })
  await step(`a ${platform} shop is connected`, async () => {
    await page.goto(`${a.base}/settings/stores`)
    await page.getByRole('link', { name: 'Connect' }).click()
    await page.getByLabel('Shop system').selectOption(platform)
    await page.getByLabel('Name', { exact: true }).fill('Fjellvik')
    for (const [key, value] of Object.entries(settings)) await page.getByLabel(LABELS[platform][key]).fill(value)
    await a.save()
    await page.waitForURL(/\/settings\/stores\/\d+/)
    await see(page.locator('.pill-ok', { hasText: 'Connected' }), 'that it is connected')
    await a.button('Check the connection').click()
    await see(page.locator('.alert-ok', { hasText: 'Reached' }), 'who was reached')
    await see(page.getByText(/^Everything up to/), 'that what there is was read')
    await world.picture(page, 'store')
  })
  await step('the shop takes things back for thirty days', async () => {
    const destinations = [{ name: 'Bergen', lines: ['Fjellvik AS', 'Bryggen 1', '5003 Bergen', 'Norway'] }]
    const policy = { currency: 'EUR', windows: [{ days: 30, since: 'delivery' }], destinations }
    const { status, body } = await a.api('PUT', '/return-policy', policy)
    check(status === 200, `the policy: ${status} ${JSON.stringify(body)}`)
  })
  await until('the shop is read to its end', async () => (await a.api('GET', '/stores')).body.data[0].import?.state === 'done')
}
