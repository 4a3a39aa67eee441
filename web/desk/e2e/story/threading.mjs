// The shopper answers from any mail program; it lands in the same ticket, and nobody else's does.
import { check, gone, HELP, see, until } from './world.mjs'
import { SUBJECT } from './receiving.mjs'

export async function threading(world, step) {
  const { a, b, kari, answer } = world
  const ticket = a.ticket
  const number = await a.number()
  const tickets = async () => (await a.api('GET', '/tickets?shelf=all')).body.data
  const before = (await tickets()).length
  const replyTo = answer.replyTo[0].address

  await step('a reply with References joins the ticket, at both desks', async () => {
    await kari.reply(answer, 'Thank you, which day will it come?')
    for (const desk of [a, b]) await see(desk.message('which day will it come'), 'the reply')
  })
  await step('what it quotes is folded', async () => {
    const message = a.message('which day will it come').last()
    await see(message.getByRole('button', { name: 'Show quoted text' }), 'the folded quote')
    const shown = await message.innerText()
    check(!/> |wrote:/.test(shown), `the quote is in the open: ${shown}`)
  })
  await step('a reply without References, to the Reply-To address, joins it', async () => {
    await kari.write('Re: your mail', 'Please ring the lower bell.', { to: replyTo })
    await see(a.message('ring the lower bell'), 'the reply')
  })
  await step('a reply with a changed subject joins it', async () => {
    await kari.write('Another idea', 'Could it be the blue one?', { inReplyTo: answer.messageId, references: answer.messageId })
    await see(a.message('Could it be the blue one'), 'the reply')
    check((await a.page.locator('#t-title').innerText()).includes(SUBJECT), 'the ticket lost its subject')
  })
  await step('the ticket has them all, and there is no other', async () => {
    const { body } = await a.api('GET', `/tickets/${ticket}/messages?limit=50`)
    check(body.data.filter((one) => one.direction === 'in').length === 4, `${body.data.length} messages in the ticket`)
    check((await tickets()).length === before, 'a reply made a ticket of its own')
  })
  const stranger = world.shopper('A Stranger', 'stranger@elsewhere.example')
  await step('a stranger who names the ticket gets one of their own', async () => {
    await stranger.write(`Re: [#${number}] ${SUBJECT}`, 'Send the jacket to me instead.')
    await see(a.row('A Stranger'), 'a ticket of the stranger')
  })
  await step('so does one who guesses a token', async () => {
    const guess = replyTo.replace(/\+.*@/, `+${number}aaaaaaaaaaaa@`)
    await stranger.write('Where is my order?', 'I guessed this address.', { to: guess, envelope: { from: stranger.address, to: [HELP] } })
    await see(a.row('Where is my order?'), 'another ticket of the stranger')
    const { body } = await a.api('GET', `/tickets/${ticket}/messages?limit=50`)
    check(!body.data.some((one) => /instead|guessed/.test(one.text ?? '')), 'a stranger wrote into the ticket')
  })
  await solvedAndBack(world, step, ticket)
  await step('somebody else who has the address writes: whose ticket it is gets a copy, for all to see', async () => {
    const partner = world.shopper('A Partner', 'partner@elsewhere.example')
    await partner.write('Re: your mail', 'I would like one, too.', { to: replyTo })
    await see(a.message('I would like one, too'), 'what they wrote')
    const composer = a.page.locator('.composer')
    await until('the answer goes to them, with a copy to Kari', async () => /partner@elsewhere/.test(await composer.innerText()) && (await composer.innerText()).includes(kari.address))
    await world.picture(a.page, 'composer-copy')
    await kari.write('Re: your mail', 'That was my brother.', { to: replyTo })
    await see(a.message('That was my brother'), 'what Kari wrote')
    await until('now it goes to Kari alone', async () => !/partner@elsewhere/.test(await composer.innerText()))
  })
}

async function solvedAndBack({ a, b, kari, answer }, step, ticket) {
  await step('A solves it; it leaves the list of both', async () => {
    // The stranger's ticket has the words of the subject too.
    await a.row('Kari').click()
    await until('her ticket is open', () => a.ticket === ticket)
    await see(a.editor, 'the reply box')
    await a.page.locator('.t-solve').click()
    await see(a.toast('solved'), 'that it is solved')
    for (const desk of [a, b]) await gone(desk.row('Kari'), 'the ticket')
  })
  await step('the next reply of the shopper opens it again, for both', async () => {
    await kari.reply(answer, 'One more thing: the zip is stuck.')
    for (const desk of [a, b]) await see(desk.row('Kari'), 'the ticket back in the list')
    const { body } = await a.api('GET', `/tickets/${ticket}`)
    check(body.status === 'open', `its status is ${body.status}`)
    await a.row('Kari').click()
    await see(a.message('the zip is stuck'), 'the reply')
    await see(a.page.locator('.t-meta .st', { hasText: 'Open' }), 'that it is open')
  })
}
