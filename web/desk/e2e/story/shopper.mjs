// A shopper with a mail program: sends by SMTP, reads by IMAP.
import { createTransport } from 'nodemailer'
import PostalMime from 'postal-mime'
import { readMailbox } from './imap.mjs'
import { HELP, until } from './world.mjs'

export class Shopper {
  constructor(server, name, address) {
    Object.assign(this, { server, name, address })
    this.post = createTransport({ host: '127.0.0.1', port: server.smtp, ignoreTLS: true })
  }

  /** Answers the Message-ID, and when the server took the mail. */
  async write(subject, text, more = {}) {
    const { messageId } = await this.post.sendMail({
      from: { name: this.name, address: this.address }, to: HELP, subject, text, ...more,
    })
    return { id: messageId, accepted: Date.now() }
  }

  /** Answers a mail as mail programs do: with its headers, and quoting it. */
  reply(to, text, more = {}) {
    const quoted = (to.text ?? '').trim().split('\n').map((line) => `> ${line}`).join('\n')
    return this.write(`Re: ${(to.subject ?? '').replace(/^Re: /, '')}`, `${text}\n\nOn Mon, 2 Mar 2026 at 09:00, ${to.from?.name ?? 'Fjellvik'} <${HELP}> wrote:\n${quoted}\n`, {
      inReplyTo: to.messageId, references: [to.references, to.messageId].filter(Boolean).join(' '), ...more,
    })
  }

  async mails() {
    const raw = await readMailbox(this.server.imap, this.address, this.server.password)
    return Promise.all(raw.map(async (bytes) => Object.assign(await PostalMime.parse(bytes), { source: bytes.toString('latin1') })))
  }

  /** The mail that fits, once it has come. */
  mail(what, fits) {
    return until(`${this.address} has ${what}`, async () => (await this.mails()).find(fits))
  }
}

/** The one value of a header of a parsed mail, or null. */
export function header(mail, name) {
  const found = mail.headers.filter((one) => one.key === name)
  if (found.length > 1) throw new Error(`the mail has ${found.length} headers ${name}`)
  return found[0]?.value ?? null
}
