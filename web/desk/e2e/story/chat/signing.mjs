// The first idea of the product: who mails on Monday and chats on Tuesday is one person with one ticket.
import { check, see, until } from '../world.mjs'
import { signed } from './meeting.mjs'

const SUBJECT = 'The pole of my Skarv 2 snapped'

export async function signing(world, step) {
  const { a } = world
  const jo = world.shopper('Johanna Brandt', 'johanna@post.example')
  await step('Johanna mails, and the agent has her ticket', async () => {
    await jo.write(SUBJECT, 'It broke on the first night. Order FV-20418.')
    await a.view('Open')
    await a.open(SUBJECT)
  })
  const ticket = a.ticket
  const chat = await world.visitor({ as: signed({ sub: '4711', email: jo.address, name: jo.name }) })
  await step('signed in at the shop, she chats', async () => {
    await chat.visit()
    await chat.open()
    await chat.say('Any news about my pole?')
    await chat.fate('sent')
    await until('the shop counts as heard', () => chat.page.evaluate(() => window.heard.some(([name]) => name === 'identified')))
  })
  await step('it is the same ticket: mail and chat on one timeline', async () => {
    await see(a.message('Any news about my pole?'), 'the chat below the mail')
    await see(a.message('It broke on the first night.'), 'the mail')
    check(a.ticket === ticket, 'the agent was led elsewhere')
    const { body } = await a.api('GET', `/tickets/${ticket}/messages`)
    check(JSON.stringify(body.data.map((message) => message.channel)) === '["email","chat"]', `the channels are ${JSON.stringify(body.data.map((message) => message.channel))}`)
    await world.picture(a.page, 'chat-one-ticket')
  })
  await step('the answer goes where she is, and not into her mailbox', async () => {
    await a.write('It leaves Oslo today.')
    await a.page.locator('#reply').getByRole('button', { name: /^Send/ }).first().click()
    await chat.hears('It leaves Oslo today.')
    check(!(await chat.panel.innerText()).includes('first night'), 'her mail is shown in the chat')
    check((await jo.mails()).length === 0, 'she was mailed, too')
  })
  await step('what is forged does not count, and the shopper can write all the same', async () => {
    const word = signed({ sub: '1', email: jo.address }).slice(0, -4)
    const eve = await world.visitor({ as: `${word}AAAA` })
    await eve.visit()
    await eve.open()
    await eve.say('I am Johanna, I swear')
    await eve.fate('sent')
    await until('the page hears that it does not count', () => eve.page.evaluate(() => window.heard.some(([name]) => name === 'refused')))
    const { body } = await until('it has a ticket', async () => {
      const all = await a.api('GET', '/tickets?shelf=all')
      return all.body.data.some((one) => one.subject.startsWith('I am Johanna')) && all
    })
    check(body.data.find((one) => one.subject.startsWith('I am Johanna')).id !== ticket, 'it came into her ticket')
    await eve.page.context().close()
  })
  await step('another shopper who signs in in this browser sees nothing of hers', async () => {
    chat.more.as = signed({ sub: '4712', email: 'other@post.example', name: 'Ola Nordmann' })
    await chat.visit()
    await until('her visit is forgotten', async () => !JSON.stringify((await chat.kept()).lasting).includes('token'))
    await chat.open()
    check((await chat.said()).length === 0, 'her words are shown')
    await chat.say('I am somebody else')
    await chat.fate('sent')
  })
}
