// A day without a mouse.
import { check, gone, see, until } from './world.mjs'

const SUBJECTS = ['Keys: which size fits', 'Keys: colour of the rope', 'Keys: opening hours']

export async function keyboard(world, step) {
  const { a } = world
  const { page } = a
  const uma = world.shopper('Uma Shopper', 'uma@shopper.example')
  const openedSubject = () => page.locator('#t-title').innerText().catch(() => '')

  await step('three mails wait, newest first', async () => {
    await page.goto(`${a.base}/inbox/open`)
    for (const subject of SUBJECTS) {
      await uma.write(subject, `About: ${subject}`)
      await see(a.row(subject), subject)
    }
    await until('the newest stands first', async () => (await page.locator('#list .row').first().innerText()).includes(SUBJECTS[2]))
  })
  await step('J opens the first, J the next, K the one before', async () => {
    await a.press('j')
    await a.opened(SUBJECTS[2])
    await a.press('j')
    await a.opened(SUBJECTS[1])
    await a.press('k')
    await a.opened(SUBJECTS[2])
  })
  await step('Escape goes back to the list, arrows and Enter open again', async () => {
    await a.press('Escape')
    await until('no ticket is open', async () => /\/inbox\/open\/?$/.test(new URL(page.url()).pathname))
    await until('the focus is on its row', () => a.row(SUBJECTS[2]).evaluate((row) => row === document.activeElement))
    await a.press('ArrowDown', 'Enter')
    await a.opened(SUBJECTS[1])
  })
  await step('R answers, Ctrl and Enter send, Z takes it back', async () => {
    await a.leaveFields()
    await see(a.editor, 'the reply box')
    await a.press('r')
    await a.cursor()
    await page.keyboard.type('The rope is orange.')
    await a.press('Control+Enter')
    await see(a.toast('leaves'), 'that it leaves')
    await a.leaveFields()
    await a.press('z')
    await until('the text is back', async () => /rope is orange/.test(await a.editor.innerText()))
  })
  await step('sent again, it arrives', async () => {
    await a.leaveFields()
    await a.press('r')
    await a.cursor()
    await a.press('Control+Enter')
    await see(a.message('The rope is orange'), 'the answer')
    const mail = await uma.mail('the answer', (one) => /rope is orange/.test(one.text ?? ''))
    check(mail.subject === `Re: ${SUBJECTS[1]}`, `the subject is ${mail.subject}`)
    await gone(a.row(SUBJECTS[1]), 'what now waits for the shopper')
    check((await uma.mails()).length === 1, 'it came twice')
  })
  await step('E solves and opens the next, Z undoes', async () => {
    await a.leaveFields()
    await a.press('j')
    await a.opened(SUBJECTS[2])
    await a.press('e')
    await until('the next ticket is open', async () => (await openedSubject()).includes(SUBJECTS[0]))
    await gone(a.row(SUBJECTS[2]), 'the solved ticket')
    await a.press('z')
    await see(a.row(SUBJECTS[2]), 'the ticket back')
  })
  await step('U marks unread and leaves', async () => {
    await a.open(SUBJECTS[0])
    await a.leaveFields()
    await until('it is read', () => a.row(SUBJECTS[0]).evaluate((row) => !row.classList.contains('is-unread')))
    await a.press('u')
    await until('it is unread', () => a.row(SUBJECTS[0]).evaluate((row) => row.classList.contains('is-unread')))
    check(!(await openedSubject()).includes(SUBJECTS[0]), 'it is still open')
    await a.page.reload()
    await see(a.row(SUBJECTS[0]), 'the list')
    check(await a.row(SUBJECTS[0]).evaluate((row) => row.classList.contains('is-unread')), 'after a reload it is read')
  })
  await palette(world, step)
  await ownKeys(world, step)
  await several(world, step)
}

const focus = (page) => page.evaluate(() => document.activeElement?.className ?? '')

/** What a mouse does by pointing: several tickets at once, some of the messages, a drawer. */
async function several({ a }, step) {
  const { page } = a
  await step('X and Shift J select, T tags them all, and the focus stays in the list', async () => {
    await page.goto(`${a.base}/inbox/open`)
    await see(page.locator('#list .row'), 'the list')
    await page.locator('#list .row[tabindex="0"]').focus()
    await a.press('x', 'Shift+J')
    await see(page.locator('.bulk', { hasText: '2 selected' }), 'the selection')
    await a.press('t')
    await see(page.locator('.picker-input'), 'the tags')
    await page.keyboard.type('by-keys')
    await a.press('Enter')
    await until('both are tagged', async () => (await page.locator('#list .row .tag', { hasText: 'by-keys' }).count()) === 2)
    await see(a.toast('by-keys'), 'that it can be undone')
    await until('the focus is in the list', async () => (await focus(page)).includes('row'))
    await a.press('z')
    await gone(page.locator('#list .row .tag', { hasText: 'by-keys' }), 'the tag')
  })
  await step('P and Escape lead back to where one was', async () => {
    await a.open(SUBJECTS[0])
    await see(a.editor, 'the reply box')
    await a.press('r')
    await a.cursor()
    await a.press('Escape', 'p')
    await see(page.getByRole('menu'), 'the priorities')
    await a.press('Escape')
    await until('the focus is in the conversation', async () => (await focus(page)).includes('timeline-wrap'))
  })
  await step('splitting begins at the first message, and Escape ends it', async () => {
    await a.press('.')
    await see(page.getByRole('menu'), 'the menu')
    await a.press('ArrowDown', 'Enter')
    await until('the focus is on a message', async () => (await focus(page)).includes('check'))
    await a.press('Space')
    await see(page.getByText('1 message goes to a new ticket'), 'what will be split off')
    await a.press('Escape')
    await gone(page.locator('.split-bar'), 'the splitting')
    await until('the focus is in the conversation', async () => (await focus(page)).includes('timeline-wrap'))
  })
  await step('what was said on the phone is written down without a mouse', async () => {
    await a.press('.')
    await see(page.getByRole('menu'), 'the menu')
    await a.press('ArrowDown', 'ArrowDown', 'Enter')
    const text = page.locator('#heard textarea')
    await until('the focus is where one writes', async () => text.evaluate((field) => field === document.activeElement).catch(() => false))
    await page.keyboard.type('She called again.')
    await a.press('Tab', 'Tab', 'Space')
    await see(page.locator('#heard button[aria-pressed=true]', { hasText: 'On the phone' }), 'where it was said')
    await a.press('Escape')
    await gone(page.locator('#heard'), 'the dialog')
  })
}

/** WCAG 2.1.4: keys can be chosen, and switched off. */
async function ownKeys({ a }, step) {
  const { page } = a
  const field = (name) => page.getByLabel(name, { exact: true })
  const choose = async (name, key) => {
    await field(name).focus()
    await page.keyboard.press(key)
  }
  await step('a key that is taken is named, and cannot be saved', async () => {
    await a.press('g', 's')
    await page.getByRole('link', { name: 'Keyboard' }).focus()
    await a.press('Enter')
    await choose('Solve or reopen', 'r')
    await see(page.getByText('R is also “Reply”'), 'whose key it is')
    check(await page.getByRole('button', { name: 'Save changes' }).isDisabled(), 'it could be saved')
  })
  await step('S solves from now on, E does nothing, and ? says so', async () => {
    await choose('Solve or reopen', 's')
    await a.press('Control+s')
    await page.locator('.savebar').waitFor({ state: 'hidden' })
    await page.goto(`${a.base}/inbox/open`)
    await a.open(SUBJECTS[0])
    await see(a.editor, 'the reply box')
    await a.leaveFields()
    await a.press('?')
    await see(page.getByRole('dialog').locator('dt', { hasText: 'Solve or reopen' }).locator('xpath=following-sibling::dd[1]').getByText('S', { exact: true }), 'the new key')
    await a.press('Escape')
    await a.press('e', 's')
    await gone(a.row(SUBJECTS[0]), 'the solved ticket')
    await a.press('z')
    await see(a.row(SUBJECTS[0]), 'the ticket back')
  })
  await step('without single keys only combinations are left; then all as before', async () => {
    await page.goto(`${a.base}/settings/keyboard`)
    await page.getByRole('switch').focus()
    await a.press('Space')
    await page.getByRole('button', { name: 'Usual keys again' }).click()
    await a.save()
    await a.press('?')
    check((await page.getByRole('dialog').count()) === 0, 'a single key still works')
    await a.press('Control+k')
    await see(page.locator('.palette'), 'the palette')
    await a.press('Escape')
    await page.getByRole('switch').click()
    await a.save()
  })
}

async function palette({ a }, step) {
  const { page } = a
  await step('Ctrl and K does anything: a place, a command, a ticket', async () => {
    await a.press('Control+k')
    await see(page.locator('.palette'), 'the palette')
    await page.keyboard.type('customers')
    await see(page.locator('.p-opt.is-on', { hasText: 'Customers' }), 'the way to the customers')
    await a.press('Enter')
    await a.path(/^\/customers/)
    await a.press('g', 'i')
    await a.path(/^\/inbox/)
    await a.press('Control+k')
    await see(page.locator('.palette'), 'the palette')
    await page.keyboard.type('#rope')
    await see(page.locator('.p-opt.is-on', { hasText: SUBJECTS[1] }), 'the ticket')
    await a.press('Enter')
    await a.opened(SUBJECTS[1])
  })
  await step('? shows all keys, Escape closes', async () => {
    await see(a.editor, 'the reply box')
    await a.leaveFields()
    await page.keyboard.type('?')
    const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await see(dialog.getByText('Mark unread'), 'the keys')
    await a.press('Escape')
    await gone(dialog, 'the keys')
  })
}
