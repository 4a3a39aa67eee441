// A viewer reads everything and changes nothing.
import { check, gone, see } from './world.mjs'

export async function viewer(world, step) {
  const { a } = world
  const address = 'viewer@colleagues.example'
  const password = 'only looking around here'
  const v = await world.desk(1)
  await step('a viewer joins', async () => {
    const { status, body } = await a.api('POST', '/invitations', { email: address, role: 'viewer' })
    check(status === 201, `the invitation: ${status} ${JSON.stringify(body)}`)
    await v.page.goto(v.base + new URL(body.url).pathname)
    await v.page.getByLabel('Your name').fill('Third Viewer')
    await v.page.getByLabel('New password').fill(password)
    await v.button('Join').click()
    await v.page.waitForURL(/\/inbox\/open/)
  })
  await step('she reads, and is told why she cannot answer', async () => {
    await v.page.locator('#list .row').first().click()
    await see(v.page.locator('.timeline .ev'), 'the conversation')
    await see(v.page.getByText('You can read here, but not answer.'), 'why there is no reply box')
    for (const name of ['Assign', 'Snooze', 'New ticket']) check((await v.button(name).count()) === 0, `she is offered “${name}”`)
    check((await v.page.locator('.composer, .t-solve').count()) === 0, 'she is offered to answer or solve')
  })
  await step('her keys change nothing either', async () => {
    await v.leaveFields()
    await v.press('r', 'e', 'a', 'n', 'c')
    await gone(v.page.locator('.composer, .picker, [role=dialog]'), 'a way to change something')
    const { body } = await a.api('GET', `/tickets/${v.ticket}`)
    check(body.status !== 'solved', 'E solved the ticket')
  })
  await step('the server refuses what the desk does not offer', async () => {
    for (const [method, path, data] of [
      ['POST', `/tickets/${v.ticket}/messages`, { direction: 'out', text: 'Hello' }],
      ['PATCH', `/tickets/${v.ticket}`, { status: 'solved' }],
      ['POST', '/inboxes', { channel: 'email', name: 'Mine', address: 'mine@fjellvik.example' }],
    ]) {
      const { status } = await v.api(method, path, data)
      check(status === 403, `${method} ${path} answered ${status}`)
    }
  })
  await step('settings that are not hers are not shown', async () => {
    await v.page.goto(`${v.base}/settings/inboxes`)
    check((await v.page.getByRole('link', { name: 'Add' }).count()) === 0, 'she is offered a new inbox')
    check((await v.page.locator('.smenu').getByText('API tokens').count()) === 0, 'she is offered tokens')
    await v.page.context().close()
  })
}
