// The line breaks while somebody writes; nothing is lost.
import { check, gone, see, until } from './world.mjs'

const SUBJECT = 'Stove does not light'

export async function offline(world, step) {
  const { a, b } = world
  const { page } = a
  const ivar = world.shopper('Ivar Shopper', 'ivar@shopper.example')
  const strip = page.locator('.strip-m', { hasText: 'No connection since' })

  await step('A begins an answer', async () => {
    await ivar.write(SUBJECT, 'It clicks, but there is no flame.')
    await a.view('Open')
    await b.view('Open')
    await a.open(SUBJECT)
    await a.write('Is the valve ')
  })
  await step('the line breaks: the desk says so, and stays readable', async () => {
    await page.context().setOffline(true)
    await see(strip, 'the strip')
    await see(a.message('there is no flame'), 'the ticket')
  })
  await step('A writes on and takes the ticket; both wait', async () => {
    await a.write('open?')
    await see(page.locator('.c-saved', { hasText: 'Saving draft' }), 'that the draft is not stored yet')
    await a.page.locator('main').getByRole('button', { name: 'Assign', exact: true }).click()
    await a.pick('First Agent')
    await see(page.getByText('1 change waits to be sent'), 'that a change waits')
  })
  await step('meanwhile B gets a mail', async () => {
    await ivar.write('Stove, second mail', 'Also: where is the manual?')
    await see(b.row('Stove, second mail'), 'the mail at B')
    check((await a.row('Stove, second mail').count()) === 0, 'A was not offline at all')
  })
  await step('back on line the desk catches up by itself', async () => {
    await page.context().setOffline(false)
    await gone(strip, 'the strip', 40_000)
    await see(a.row('Stove, second mail'), 'the mail that came meanwhile')
    await gone(page.getByText('1 change waits to be sent'), 'the waiting change')
    await until('B sees whose it is', async () => (await b.row(SUBJECT).getByLabel('Assigned to First Agent').count()) > 0)
  })
  await step('the draft is whole, here, on the server, and after a reload', async () => {
    await see(page.locator('.c-saved', { hasText: 'Draft saved' }), 'that the draft is stored')
    const { body } = await a.api('GET', `/tickets/${a.ticket}/draft?kind=reply`)
    check(/Is the valve open\?/.test(body?.html ?? ''), `the server has ${body?.html}`)
    await page.reload()
    await until('the draft is there', async () => /Is the valve open\?/.test(await a.editor.innerText().catch(() => '')))
  })
}
