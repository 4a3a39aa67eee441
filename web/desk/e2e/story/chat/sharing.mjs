// Questions before, files both ways, an address for the answer, and a copy by mail.
import { readFile } from 'node:fs/promises'
import { check, see, until } from '../world.mjs'

/** A red dot, 1 by 1. */
const DOT = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==', 'base64')
const ADDRESS = 'sam@post.example'

export async function sharing(world, step) {
  const { a } = world
  const look = await (await a.page.request.get(`${a.base}/api/v1/widgets/${world.chat}`)).json()
  if (!('questions' in look)) return console.log('  this server offers none of it')
  const made = await a.api('POST', '/inboxes', {
    channel: 'chat', name: 'Questions', address: 'questions.example', settings: { origins: world.shop.origin, questions: { name: 'optional', topics: 'Tents, Boots' } },
  })
  check(made.status === 201, JSON.stringify(made.body))
  const sam = await world.visitor({ inbox: String(made.body.id) })
  await step('the button opens to who is there, and what the shop asks first', async () => {
    await sam.visit()
    await sam.launcher.click()
    await see(sam.panel.locator('.faces .av', { hasText: 'IN' }), 'Ingrid’s face')
    await sam.button('Start a chat').click()
    await sam.panel.getByLabel('Your name').fill('Sam')
    await sam.panel.getByLabel('What is it about?').selectOption('Tents')
    await sam.settled()
    await world.picture(sam.page, 'chat-questions')
    await sam.button('Start a chat').click()
    await see(sam.writer, 'where one writes')
    await sam.say('A seam is torn')
    await sam.fate('sent')
  })
  await step('the agent knows the name and the topic', async () => {
    await a.view('Open')
    await a.open('A seam is torn')
    await see(a.message('A seam is torn').getByText('Sam', { exact: true }), 'the name')
    await see(a.page.locator('.ev-note', { hasText: 'Tents' }), 'the topic, as a note')
  })
  await step('the agent sees that Sam writes', async () => {
    await sam.writer.pressSequentially('Wait')
    await see(a.page.locator('.timeline .typing', { hasText: /Sam\W* is writing/ }), 'who writes')
  })
  await step('a picture goes out, and is seen on both sides', async () => {
    await sam.panel.locator('input[type=file]').setInputFiles({ name: 'seam.png', mimeType: 'image/png', buffer: DOT })
    await see(sam.panel.locator('.upload.done', { hasText: 'seam.png' }), 'that it is uploaded')
    await sam.say('Here it is')
    await until('the picture is drawn', () => sam.panel.locator('img.pic').evaluateAll((all) => all.length > 0 && all.every((one) => one.naturalWidth > 0)))
    await see(a.message('Here it is').locator('img'), 'the picture at the desk')
    await sam.isWithinPolicy()
    await sam.settled()
    await world.picture(sam.page, 'chat-picture')
  })
  await step('a drawing that could run something is refused in words', async () => {
    await sam.panel.locator('input[type=file]').setInputFiles({ name: 'evil.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>') })
    await see(sam.panel.locator('.wrong', { hasText: 'cannot be sent here' }), 'why not')
    await sam.panel.locator('input[type=file]').setInputFiles({ name: 'not-a-picture.png', mimeType: 'image/png', buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>') })
    await see(sam.panel.locator('.wrong', { hasText: 'not-a-picture.png' }), 'that the server looked inside')
  })
  await step('the agent’s file can be saved', async () => {
    await a.write('This is how to sew it.')
    await a.page.locator('#reply input[type=file]').setInputFiles({ name: 'sewing.txt', mimeType: 'text/plain', buffer: Buffer.from('With a needle.\n') })
    await see(a.page.locator('.c-files .file', { hasText: 'sewing.txt' }).getByRole('button', { name: 'Remove' }), 'the attachment')
    await a.page.locator('#reply').getByRole('button', { name: /^Send/ }).first().click()
    const file = sam.panel.locator('button.file', { hasText: 'sewing.txt' })
    await see(file, 'the file in the chat')
    const [got] = await Promise.all([sam.page.waitForEvent('download'), file.click()])
    check((await readFile(await got.path(), 'utf8')) === 'With a needle.\n' && got.suggestedFilename() === 'sewing.txt', 'the file is not what was sent')
  })
  await step('the shopper leaves an address, and has the chat sent there', async () => {
    await sam.button('Leave an address for the answer').click()
    await sam.panel.getByLabel('Mail address').fill(ADDRESS)
    await sam.button('Save').click()
    await see(sam.panel.getByText('Saved.'), 'that it is saved')
    await sam.button('Back').click()
    await sam.button('More').click()
    await sam.panel.getByRole('menuitem', { name: 'Send me this chat by mail' }).click()
    await sam.button('Send').click()
    await see(sam.panel.getByText('It is on its way to your mailbox.'), 'that it is on its way')
    const mail = await world.shopper('Sam', ADDRESS).mail('the chat', (one) => /A seam is torn/.test(one.text ?? ''))
    check(mail.text.includes('This is how to sew it.'), `the mail says ${mail.text}`)
  })
}
