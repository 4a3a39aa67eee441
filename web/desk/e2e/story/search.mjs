// Search finds parts of words and forgives typing errors.
import { see, until } from './world.mjs'

const SUBJECT = 'Sleeping bag zipper stuck'

export async function search(world, step) {
  const { a } = world
  const { page } = a
  const thea = world.shopper('Theodora Shopper', 'theodora@shopper.example')
  const hit = (words) => page.locator('.hits .hit', { hasText: words })
  const look = async (q) => {
    await page.getByLabel('Search tickets, messages and customers').fill(q)
    await until(`the search is for ${q}`, () => new URL(page.url()).searchParams.get('q') === q)
  }
  await step('a mail is found by the beginning of a word', async () => {
    await a.view('Open')
    await thea.write(SUBJECT, 'The zipper of the marmot bag does not move.')
    await see(a.row(SUBJECT), 'the mail')
    await page.goto(`${a.base}/search?q=zipp`)
    // The index follows the events, a moment later.
    await until('the index has it', async () => (await a.api('GET', '/search?q=zipp')).body.data.length > 0)
    await look('zippe')
    await see(hit(SUBJECT), 'the ticket')
    await see(page.locator('.hits mark'), 'the hit, marked')
  })
  await step('with a typing error', async () => {
    await look('slepeing')
    await see(hit(SUBJECT), 'the ticket')
  })
  await step('by a word of its text', async () => {
    await look('marmot')
    await see(hit(SUBJECT), 'the ticket')
  })
  await step('the customer by the beginning of the name, by an error, by the address', async () => {
    for (const q of ['theo', 'Teodora', 'theodora@shopper.example']) {
      await look(q)
      await see(page.locator('.hits .hit[href^="/customers/"]', { hasText: thea.name }), `the customer by “${q}”`)
    }
  })
  await step('a hit leads to the ticket', async () => {
    await look('zipper')
    await hit(SUBJECT).first().click()
    await a.opened(SUBJECT)
    await see(page.locator('.panel, #customer, aside').filter({ hasText: thea.address }), 'the customer beside it')
  })
}
