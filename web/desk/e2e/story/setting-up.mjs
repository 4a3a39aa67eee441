// The owner signs in, connects a mail account and invites a colleague.
import { check, HELP, see, until } from './world.mjs'

export const FIRST = 'First Agent'
export const SECOND = 'Second Agent'
const SECOND_MAIL = 'second@colleagues.example'

export async function settingUp(world, step) {
  const a = await world.desk(0)
  world.a = a
  const { page } = a

  await step('a wrong password is answered in words, and nothing is lost', async () => {
    await page.goto(`${a.base}/inbox/open`)
    await page.getByLabel('Mail address').fill(world.owner.email)
    await page.getByLabel('Password', { exact: true }).fill('not this one')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await see(page.getByRole('alert').filter({ hasText: 'do not fit together' }), 'the reason')
    check((await page.getByLabel('Mail address').inputValue()) === world.owner.email, 'the address was lost')
  })
  await step('the owner signs in', () => a.signIn(world.owner.email, world.owner.password, FIRST))

  await step('the owner sets name and signature', async () => {
    await page.goto(`${a.base}/settings/profile`)
    await page.getByLabel('Your name').fill(FIRST)
    await page.getByLabel('Signature').fill(`${FIRST}\nFjellvik, Bergen`)
    await a.save()
  })
  await step('the shop gets a name, and five seconds to undo', async () => {
    await page.locator('.smenu').getByRole('link', { name: 'Shop' }).click()
    await page.getByLabel('Name').fill('Fjellvik')
    await page.getByLabel('Seconds to undo a reply').fill('5')
    await a.save()
  })
  await connectInbox(world, step)
  await invite(world, step)
}

async function connectInbox({ a, mail }, step) {
  const { page } = a
  const part = (name) => page.locator('fieldset', { has: page.getByText(name, { exact: true }) })
  const account = async (section, port, user) => {
    await section.getByLabel('Server', { exact: true }).fill('127.0.0.1')
    await section.getByLabel('Port').fill(String(port))
    await section.getByLabel('Encryption').selectOption('plain')
    if (!user) return
    await section.getByLabel('User', { exact: true }).fill(user)
    await section.getByLabel('Password').fill(mail.password)
  }
  await step('an inbox is made in the settings', async () => {
    await page.locator('.smenu').getByRole('link', { name: 'Inboxes' }).click()
    await page.getByRole('link', { name: 'Add' }).click()
    await part('Account').getByLabel('Name').fill('Fjellvik')
    await part('Account').getByLabel('Address').fill(HELP)
    await account(part('Receiving (IMAP)'), mail.imap, HELP)
    await account(part('Sending (SMTP)'), mail.smtp)
    await a.save()
    await page.waitForURL(/\/settings\/inboxes\/\d+/)
  })
  await step('the connection is checked', async () => {
    await a.button('Check the connection').click()
    await see(page.getByText('The connection works in both directions.'), 'that both directions work')
  })
  await step('a wrong port is said by name, and the inbox goes on with the right one', async () => {
    await part('Sending (SMTP)').getByLabel('Port').fill('1')
    await a.save()
    await a.button('Check the connection').click()
    await see(page.locator('.alert-bad li'), 'what is wrong')
    await part('Sending (SMTP)').getByLabel('Port').fill(String(mail.smtp))
    await a.save()
    await a.button('Check the connection').click()
    await see(page.getByText('The connection works in both directions.'), 'that both directions work again')
  })
}

async function invite(world, step) {
  const { a } = world
  const colleague = world.shopper(SECOND, SECOND_MAIL)
  let link = ''
  await step('a colleague is invited by mail', async () => {
    await a.page.locator('.smenu').getByRole('link', { name: 'Agents' }).click()
    await a.button('Invite agent').click()
    const dialog = a.page.getByRole('dialog')
    await dialog.getByLabel('Mail address').fill(SECOND_MAIL)
    await dialog.getByLabel('Role').selectOption('agent')
    await dialog.getByRole('button', { name: 'Send invitation' }).click()
    await see(dialog.getByRole('status'), 'that it is on its way')
    await dialog.getByRole('button', { name: 'Done' }).click()
    const letter = await colleague.mail('the invitation', (mail) => /\/invitation\//.test(mail.text ?? ''))
    check(letter.html, 'the invitation has no HTML part')
    link = letter.text.match(/\/invitation\/[\w-]+/)[0]
  })
  const b = await world.desk(1)
  world.b = b
  await step('she opens the link and joins', async () => {
    await b.page.goto(b.base + link)
    await see(b.page.getByText(`invites ${SECOND_MAIL}`), 'who invites whom')
    await b.page.getByLabel('Your name').fill(SECOND)
    await b.page.getByLabel('New password').fill('a sentence of her own')
    await b.button('Join').click()
    await b.page.waitForURL(/\/inbox\/open/)
  })
  await step('the link works once', async () => {
    const other = await world.desk(0)
    await other.page.goto(other.base + link)
    await see(other.page.getByRole('alert'), 'that the link is used up')
    await other.page.context().close()
  })
  await step('the owner sees her join, without a reload', async () => {
    await see(a.page.locator('td', { hasText: SECOND }), 'the new colleague')
    await until('no invitation is open', async () => (await a.page.getByText('Open invitations').count()) === 0)
    await a.page.goto(`${a.base}/inbox/open`)
    await see(a.page.getByText('2 of 2 teammates online'), 'both online')
  })
}
