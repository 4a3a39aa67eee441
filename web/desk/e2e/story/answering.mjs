// Collision, a rich answer, undo, and what leaves by SMTP.
import { check, gone, see, until } from './world.mjs'
import { FIRST } from './setting-up.mjs'
import { SUBJECT } from './receiving.mjs'
import { header } from './shopper.mjs'

export async function answering(world, step) {
  const { a, b } = world
  await step('B opens it too and sees that A reads', async () => {
    await a.view('Open')
    await a.open(SUBJECT)
    await b.open(SUBJECT)
    await see(b.page.locator('.strip-m', { hasText: 'First is reading' }), 'that A reads')
    await see(a.page.locator('.strip-m', { hasText: 'Second is reading' }), 'that B reads')
  })
  await step('A writes; B sees it before writing, here and in the list', async () => {
    await a.write('Hello Kari,')
    await see(b.page.locator('.strip-m', { hasText: 'First is writing a reply' }), 'that A writes')
    await see(b.row(SUBJECT).getByText(`${FIRST} is writing`), 'that A writes, in the list')
  })
  await step('a canned answer comes with a slash, filled in for this shopper', async () => {
    const { status } = await a.api('POST', '/canned-answers', { name: 'Thanks', shortcut: 'thanks', text: 'Thank you, {{customer.first_name}}, for the photo.' })
    check(status === 201, `it was not kept: ${status}`)
    await a.page.keyboard.press('Enter')
    await a.page.keyboard.type('/tha')
    await see(a.page.getByRole('option', { name: 'Thanks' }), 'what the slash finds')
    await a.page.keyboard.press('Enter')
    await until('the answer stands in the text', async () => (await a.editor.innerText()).includes('Thank you, Kari, for the photo.'))
  })
  await writeAndSend(world, step)
  await whatLeft(world, step)
}

async function writeAndSend({ a, b }, step) {
  const { page } = a
  await step('the answer gets bold text and an attachment', async () => {
    await page.keyboard.press('Enter')
    await page.keyboard.type('we send you a ')
    await a.button('Bold').click()
    await page.keyboard.type('new jacket')
    await a.button('Bold').click()
    await page.keyboard.type(' today.')
    await page.locator('#reply input[type=file]').setInputFiles({ name: 'return label.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 label') })
    await see(page.locator('.c-files .file', { hasText: 'return label.pdf' }).getByRole('button', { name: 'Remove' }), 'the attachment')
    await a.button('Signature').click()
    await see(page.locator('.c-sign', { hasText: 'Fjellvik, Bergen' }), 'the signature')
    await see(page.locator('.c-saved', { hasText: 'Draft saved' }), 'that the draft is stored')
  })
  await step('A sends it and undoes it: the draft is back', async () => {
    await page.locator('#reply').getByRole('button', { name: /^Send/ }).first().click()
    await a.undo('leaves')
    await until('the text is back', async () => /new jacket/.test(await a.editor.innerText()))
    check(await a.editor.locator('strong', { hasText: 'new jacket' }).count(), 'the bold text is not bold any more')
    await see(page.locator('.c-files .file', { hasText: 'return label.pdf' }), 'the attachment is back')
    await gone(b.message('we send you a'), 'the answer at B')
  })
  await step('A sends it again; B sees it', async () => {
    await page.locator('#reply').getByRole('button', { name: /^Send/ }).first().click()
    await see(b.message('we send you a'), 'the answer at B')
    await see(a.message('we send you a').locator('.queued'), 'that it waits')
  })
  await step('it leaves after the time to undo', () => see(a.message('we send you a').locator('.sent'), 'that it was sent', 30_000))
}

async function whatLeft(world, step) {
  const { kari } = world
  await step('it arrives in the right thread with the right headers', async () => {
    const mail = await kari.mail('the answer', (one) => /new jacket/.test(one.text ?? ''))
    world.answer = mail
    check((await kari.mails()).length === 1, 'the shopper got more than the one answer')
    check(mail.subject === `Re: ${SUBJECT}`, `the subject is ${mail.subject}`)
    check(/^<[^<>\s]+@fjellvik\.example>$/.test(mail.messageId ?? ''), `the Message-ID is ${mail.messageId}`)
    check(header(mail, 'in-reply-to') === world.firstMail, `In-Reply-To is ${header(mail, 'in-reply-to')}`)
    check(header(mail, 'references')?.includes(world.firstMail), `References are ${header(mail, 'references')}`)
    check(/^help\+[\w.-]+@fjellvik\.example$/.test(mail.replyTo?.[0]?.address ?? ''), `Reply-To is ${header(mail, 'reply-to')}`)
    check(mail.from.address === 'help@fjellvik.example', `From is ${header(mail, 'from')}`)
    for (const name of ['auto-submitted', 'precedence', 'list-id', 'bcc']) check(header(mail, name) === null, `it has a header ${name}`)
  })
  await step('it has text, HTML, signature and attachment', async () => {
    const mail = world.answer
    check(/<(strong|b)>new jacket<\/\1>/.test(mail.html), `the HTML is ${mail.html}`)
    check(/we send you a \*?new jacket\*? today/.test(mail.text), `the text is ${mail.text}`)
    check(mail.text.includes('Fjellvik, Bergen') && mail.html.includes('Fjellvik, Bergen'), 'the signature is missing')
    const [file] = mail.attachments
    check(file?.filename === 'return label.pdf', `the attachment is ${file?.filename}`)
    check(Buffer.from(file.content).toString() === '%PDF-1.4 label', 'the attachment is damaged')
    check(/multipart\/alternative/i.test(mail.source), 'text and HTML are no alternatives')
  })
}
