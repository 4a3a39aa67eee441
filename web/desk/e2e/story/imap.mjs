// Reads somebody's mailbox by IMAP; as little of RFC 9051 as that needs.
import { connect } from 'node:net'

/** Every message of the INBOX, as bytes. */
export async function readMailbox(port, user, password) {
  const socket = connect(port, '127.0.0.1')
  socket.setTimeout(15_000, () => socket.destroy(new Error('the IMAP server does not answer')))
  let heard = ''
  let wake = () => {}
  socket.on('data', (data) => {
    heard += data.toString('latin1')
    wake()
  })
  const broken = new Promise((_, no) => socket.once('error', no).once('close', () => no(new Error('the IMAP server hung up'))))
  broken.catch(() => {})

  const answer = async (end) => {
    while (!end.test(heard)) await Promise.race([new Promise((go) => (wake = go)), broken])
    const said = heard
    heard = ''
    return said
  }
  const ask = async (tag, command) => {
    socket.write(`${tag} ${command}\r\n`)
    const said = await answer(new RegExp(`(^|\r\n)${tag} (OK|NO|BAD)[^\r\n]*\r\n$`))
    if (!new RegExp(`(^|\r\n)${tag} OK`).test(said)) throw new Error(`IMAP: ${command.split(' ')[0]}: ${said}`)
    return said
  }
  try {
    await answer(/^\* OK[^\r\n]*\r\n/)
    await ask('s1', `LOGIN "${user}" "${password}"`)
    const selected = await ask('s2', 'EXAMINE INBOX')
    if (/\* 0 EXISTS/.test(selected)) return []
    return messages(await ask('s3', 'FETCH 1:* (BODY.PEEK[])'))
  } finally {
    socket.destroy()
  }
}

function messages(said) {
  const all = []
  const head = /\* \d+ FETCH \(BODY\[\] \{(\d+)\}\r\n/g
  for (let found; (found = head.exec(said)); ) {
    const length = Number(found[1])
    all.push(Buffer.from(said.slice(head.lastIndex, head.lastIndex + length), 'latin1'))
    head.lastIndex += length
  }
  return all
}
