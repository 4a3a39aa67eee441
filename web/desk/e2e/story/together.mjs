// Agents work together: notes with mentions, assignment, priority, tags, snooze; each sees what the other did.
import { check, gone, see, until } from './world.mjs'
import { SECOND } from './setting-up.mjs'

const SUBJECT = 'Tent pole broke on the first night'

export async function together(world, step) {
  const { a, b } = world
  const ola = world.shopper('Ola Shopper', 'ola@shopper.example')
  world.ola = ola
  await step('another shopper writes', async () => {
    await ola.write(SUBJECT, 'The pole broke at the joint. Order 2001.')
    for (const desk of [a, b]) await desk.view('Open')
    await a.open(SUBJECT)
  })
  await step('A notes something and mentions B', async () => {
    await see(a.editor, 'the reply box')
    await a.leaveFields()
    await a.press('n')
    await see(a.page.locator('.composer.is-note'), 'the composer turned to paper')
    await a.cursor()
    await a.page.keyboard.type('Have we poles left, @Sec')
    await a.page.locator('.mention [role=option]', { hasText: SECOND }).click()
    await a.page.keyboard.type('?')
    await a.press('Control+Enter')
    await see(a.page.locator('.ev-note', { hasText: 'Have we poles left' }), 'the note')
    await see(a.page.locator('.ev-note .at', { hasText: '@Second' }), 'the mention, marked')
  })
  await step('B finds it under Mentions', async () => {
    await see(b.page.locator('#views .vlink', { hasText: 'Mentions' }).locator('.count', { hasText: '1' }), 'one mention')
    await b.view('Mentions')
    await b.open(SUBJECT)
    await see(b.page.locator('.ev-note', { hasText: 'Have we poles left' }), 'the note')
  })
  await step('the note never leaves the house', async () => check((await ola.mails()).length === 0, 'the shopper got mail'))
  await changes(world, step)
  await snoozing(world, step)
}

async function changes({ a, b }, step) {
  await step('A gives it to B; B sees it in her queue', async () => {
    await a.page.locator('main').getByRole('button', { name: 'Assign', exact: true }).click()
    await a.pick(SECOND)
    await see(a.toast(`assigned to ${SECOND}`), 'that it is assigned')
    await b.view('Assigned to me')
    await see(b.row(SUBJECT), 'the ticket among hers')
    await b.open(SUBJECT)
    await see(b.event(`First assigned it to ${SECOND}`), 'who did that')
  })
  await step('B makes it urgent; A sees it', async () => {
    await b.menu('More actions', 'Change priority')
    await b.page.getByRole('menuitem', { name: 'Urgent' }).click()
    await see(a.page.locator('.t-meta', { hasText: 'Urgent' }), 'the priority at A')
    await see(a.row(SUBJECT).getByText('Urgent'), 'the priority in the list')
  })
  await step('A adds two tags; B sees them', async () => {
    await a.leaveFields()
    for (const tag of ['spare part', 'tent']) {
      await a.press('t')
      await a.page.locator('.picker-input').fill(tag)
      await a.press('Enter', 'Escape')
      await see(a.page.locator('.t-tags .tag', { hasText: tag }), `the tag ${tag}`)
      await gone(a.page.locator('.picker'), 'the list of tags')
    }
    await see(b.page.locator('.t-tags .tag', { hasText: 'tent' }), 'the tags at B')
  })
  await step('A changes the subject; B sees it', async () => {
    await a.leaveFields()
    await a.page.getByRole('button', { name: 'Edit subject' }).click()
    await a.page.getByLabel('Subject', { exact: true }).fill(`${SUBJECT}, order 2001`)
    await a.press('Enter')
    await see(b.page.locator('#t-title', { hasText: 'order 2001' }), 'the new subject')
    await a.undo('Subject changed')
    await gone(b.page.locator('#t-title', { hasText: 'order 2001' }), 'the new subject')
  })
  await step('B sets it to waiting; it moves to that shelf for A', async () => {
    await b.page.locator('.t-meta .st').click()
    await b.page.getByRole('menuitem', { name: 'Waiting' }).click()
    await until('it left the open list of A', async () => (await a.row(SUBJECT).count()) === 0)
    await a.view('Waiting')
    await see(a.row(SUBJECT), 'the ticket among those that wait')
    await b.undo('Status: Waiting')
    await until('it left that shelf', async () => (await a.row(SUBJECT).count()) === 0)
    await a.view('Open')
    await see(a.row(SUBJECT), 'the ticket back')
  })
}

async function snoozing({ a, b, ola }, step) {
  await step('A snoozes it until tomorrow', async () => {
    await a.open(SUBJECT)
    await a.leaveFields()
    await a.press('h')
    await a.page.getByRole('menuitem', { name: 'Tomorrow morning' }).click()
    await see(a.toast('comes back'), 'when it comes back')
    await until('it left the open list', async () => (await a.row(SUBJECT).count()) === 0)
    await b.view('Snoozed')
    await see(b.row(SUBJECT), 'the ticket among the snoozed')
  })
  await step('Z wakes it', async () => {
    await a.leaveFields()
    await a.press('z')
    await see(a.row(SUBJECT), 'the ticket back in the list')
    await until('it is not snoozed any more', async () => (await b.row(SUBJECT).count()) === 0)
  })
  await step('snoozed again, a word of the shopper wakes it', async () => {
    await a.open(SUBJECT)
    await a.leaveFields()
    await a.press('h')
    await a.page.getByRole('menuitem', { name: 'In a week' }).click()
    await see(b.row(SUBJECT), 'the ticket among the snoozed')
    const { body } = await a.api('GET', `/tickets?shelf=snoozed`)
    const first = (await a.api('GET', `/tickets/${body.data[0].id}/messages`)).body.data[0]
    const id = await original(a, first)
    await ola.write(`Re: ${SUBJECT}`, 'Are you still there?', { inReplyTo: id, references: id })
    await see(a.row(SUBJECT), 'the ticket back in the list')
  })
}

/** The Message-ID of what the shopper sent. */
async function original(desk, message) {
  const raw = await (await desk.page.request.get(desk.base + message.original)).text()
  return raw.match(/^Message-ID: (<[^>]+>)/im)[1]
}
