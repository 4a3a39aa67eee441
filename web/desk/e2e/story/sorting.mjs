// Merge and split, spam and bulk actions, each undone.
import { check, gone, see, until } from './world.mjs'

const FIRST_LAMP = 'Lamp flickers'
const SECOND_LAMP = 'Lamp flickers since yesterday'
const PRIZE = 'You have won a prize'

export async function sorting(world, step) {
  const { a, b } = world
  const eli = world.shopper('Eli Shopper', 'eli@shopper.example')
  const prize = world.shopper('Prize Office', 'win@prizes.example')
  await step('one shopper writes twice about one thing, and somebody offers a prize', async () => {
    await eli.write(FIRST_LAMP, 'The lamp of order 3001 flickers.')
    await prize.write(PRIZE, 'Click here.')
    for (const desk of [a, b]) await desk.view('Open')
    await see(a.row(FIRST_LAMP), 'the first')
    await eli.write(SECOND_LAMP, 'It is the lamp from order 3001 again.')
    for (const desk of [a, b]) await see(desk.row(SECOND_LAMP), 'the second')
  })
  await merging(world, step)
  await splitting(world, step)
  await spam(world, step)
  await bulk(world, step)
}

async function merging({ a, b }, step) {
  await step('A merges the second into the first', async () => {
    await a.open(SECOND_LAMP)
    await a.menu('More actions', 'Merge into another ticket')
    const dialog = a.page.getByRole('dialog')
    await dialog.getByRole('combobox').fill('lamp')
    await dialog.getByRole('option', { name: FIRST_LAMP }).first().click()
    await dialog.getByRole('button', { name: /Merge into #/ }).click()
    await a.opened(FIRST_LAMP)
    await see(a.message('again'), 'the message that moved')
    await until('only one is left at B', async () => (await b.row('Lamp flickers').count()) === 1)
  })
  await step('undone, both are as before', async () => {
    await a.undo('merged into')
    await see(b.row(SECOND_LAMP), 'the second at B')
    await until('the message went back', async () => (await a.message('again').count()) === 0)
    await see(a.message('of order 3001 flickers'), 'the message that stays')
  })
}

async function splitting({ a, b }, step) {
  await step('merged once more, A splits the message off', async () => {
    await a.open(SECOND_LAMP)
    await a.leaveFields()
    await a.press('m')
    const dialog = a.page.getByRole('dialog')
    await dialog.getByRole('option', { name: FIRST_LAMP }).first().click()
    await dialog.getByRole('button', { name: /Merge into #/ }).click()
    await a.opened(FIRST_LAMP)
    await see(a.message('again'), 'the message that moved')
    await a.menu('More actions', 'Split messages off')
    await a.message('again').getByRole('checkbox').check()
    await a.page.getByLabel('Subject of the new ticket').fill('A lamp of its own')
    await a.button('Split 1 message off').click()
    await a.opened('A lamp of its own')
    await see(b.row('A lamp of its own'), 'the new ticket at B')
  })
  await step('undone, the message is back', async () => {
    await a.undo('is now #')
    await gone(b.row('A lamp of its own'), 'the new ticket at B')
    await a.view('Open')
    await a.open(FIRST_LAMP)
    await see(a.message('again'), 'the message')
  })
}

async function spam({ a, b }, step) {
  await step('spam leaves every list, and is found on its own shelf', async () => {
    await a.open(PRIZE)
    await a.menu('More actions', 'Mark as spam')
    await until('it left the list of B', async () => (await b.row(PRIZE).count()) === 0)
    await a.view('Spam')
    await a.open(PRIZE)
  })
  await step('what is not spam comes back', async () => {
    await a.menu('More actions', 'Not spam')
    await see(b.row(PRIZE), 'the ticket at B')
    await a.view('Open')
  })
}

async function bulk({ a, b }, step) {
  const tick = async (words) => {
    await a.row(words).hover()
    await a.page.locator('#list .row-wrap', { hasText: words }).locator('.row-check').check()
  }
  await step('two are solved at once', async () => {
    await tick(FIRST_LAMP)
    await tick(PRIZE)
    await see(a.page.getByText('2 selected'), 'that two are selected')
    await a.page.getByRole('toolbar').getByRole('button', { name: 'Solve', exact: true }).click()
    for (const words of [FIRST_LAMP, PRIZE]) await until(`“${words}” left the list of B`, async () => (await b.row(words).count()) === 0)
  })
  await step('undone, both are open', async () => {
    await a.undo('2 tickets: Solved')
    for (const words of [FIRST_LAMP, PRIZE]) await see(b.row(words).locator('.sla-soon'), `“${words}” at B, with how long it waits`)
    const { body } = await a.api('GET', '/tickets?shelf=open')
    check([FIRST_LAMP, PRIZE].every((words) => body.data.some((one) => one.subject === words)), 'the server thinks otherwise')
  })
}
