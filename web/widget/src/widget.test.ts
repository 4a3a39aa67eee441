// What a visitor does with the panel, against a small server in memory; in real browsers see web/desk/e2e/chat.mjs.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Fake, leave, page } from './fake'

let server: Fake
beforeEach(() => {
  localStorage.clear()
  sessionStorage.clear()
  server = new Fake()
})
afterEach(leave)

const seen = (check: () => void) => vi.waitFor(check, { timeout: 2000 })
const png = (name: string, size = 10) => new File([new Uint8Array(size)], name, { type: 'image/png' })

describe('home', () => {
  it('says who answers and when, from what the server knows', async () => {
    const one = await page(server)
    one.widget.open()
    expect(one.text()).toContain('Usually answers within 4 minutes')
    expect([...one.wrap.querySelectorAll('.faces .av')].map((face) => face.textContent)).toEqual(['IV', 'TO'])
    expect(server.doors, 'opening tells the server nothing').toEqual(['GET'])
    expect(localStorage.length + sessionStorage.length).toBe(0)
  })
  it('says when the shop is back', async () => {
    server.look.answers = { open: false, opens_at: '2026-11-30T08:00:00Z', minutes: null }
    const one = await page(server)
    one.widget.open()
    expect(one.find('h2')!.textContent).toMatch(/We are back .*Monday/)
  })
  it.each([[404, 'The chat is closed at the moment.'], [403, 'The chat cannot be used on this page.']])('says so where there is none: %i', async (status, words) => {
    server.refuses.set('GET', [status])
    const one = await page(server)
    one.widget.open()
    expect(one.text()).toContain(words)
    expect(one.button('Start a chat')).toBe(undefined)
  })
})

describe('the shop\'s questions', () => {
  beforeEach(() => {
    server.look.questions = [
      { key: 'order', label: 'Order number', kind: 'text', choices: [], required: true },
      { key: 'email', label: 'Where to write', kind: 'email', choices: [], required: false },
      { key: 'about', label: 'About', kind: 'choice', choices: ['Tents', 'Boots'], required: true },
    ]
  })
  it('are put before the first conversation, checked, and told with it', async () => {
    const one = await page(server)
    one.widget.open()
    one.press('Start a chat')
    one.fill(['', 'no address', ''])
    expect([...one.wrap.querySelectorAll('.bad')].map((bad) => bad.textContent)).toEqual(['Please fill this in', 'This is no mail address', 'Please fill this in'])
    one.fill(['FV-20418', '', 'Tents'])
    await seen(() => expect(one.find('textarea')).not.toBe(null))
    one.write('Hello')
    await seen(() => expect(server.bodies('POST sessions')).toEqual([{ language: 'en', answers: [{ key: 'order', value: 'FV-20418' }, { key: 'about', value: 'Tents' }] }]))
  })
  it('are told to a visit that there is already', async () => {
    localStorage.setItem('shopbell.3', JSON.stringify({ token: 't0' }))
    server.token = 't0'
    const one = await page(server)
    one.widget.open()
    one.press('Start a chat')
    one.fill(['FV-1', 'kim@post.example', 'Boots'])
    await seen(() => expect(server.bodies('PUT contact')).toEqual([{ answers: [{ key: 'order', value: 'FV-1' }, { key: 'email', value: 'kim@post.example' }, { key: 'about', value: 'Boots' }] }]))
    await seen(() => expect(one.find('textarea')).not.toBe(null))
    expect(server.visits).toBe(0)
  })
  it('that every shop puts are put in the visitor\'s language', async () => {
    server.look.questions = [{ key: 'name', label: 'Name', kind: 'text', required: true }, { key: 'email', label: 'Email', kind: 'email' }, { key: 'topic', label: 'Topic', kind: 'choice', choices: ['Zelte'] }, { key: 'question', label: 'Bestellnummer?', kind: 'text' }]
    const one = await page(server, { lang: 'de' })
    one.widget.open()
    one.press('Chat beginnen')
    expect([...one.wrap.querySelectorAll('label')].map((label) => label.firstChild!.textContent)).toEqual(['Ihr Name', 'Mailadresse', 'Worum geht es?', 'Bestellnummer?'])
  })
  it('are not put twice', async () => {
    const one = await page(server)
    one.widget.open()
    one.press('Start a chat')
    one.fill(['1', '', 'Boots'])
    await seen(() => expect(one.find('textarea')).not.toBe(null))
    one.press('Back')
    one.press('Start a chat')
    expect(one.find('textarea')).not.toBe(null)
  })
})

describe('files', () => {
  async function talking() {
    const one = await page(server)
    one.widget.open('talk')
    return one
  }
  it('are uploaded at once and said with the next message', async () => {
    const one = await talking()
    one.widget.uploads.add([png('seam.png')])
    await seen(() => expect(one.find('.upload.done')?.textContent).toContain('seam.png'))
    one.write('')
    await seen(() => expect(server.bodies('POST messages')).toMatchObject([{ text: '', files: [1] }]))
    await seen(() => expect(one.find('.line .picture')?.getAttribute('aria-label')).toContain('seam.png'))
    expect(one.find('.uploads')!.children.length).toBe(0)
  })
  it('pasted pictures go the same way; pasted text stays text', async () => {
    const one = await talking()
    const paste = (files: File[]) => Object.assign(new Event('paste', { cancelable: true }), { clipboardData: { files } })
    const area = one.find('textarea')!
    const text = paste([])
    area.dispatchEvent(text)
    expect(text.defaultPrevented).toBe(false)
    area.dispatchEvent(paste([png('image.png')]))
    await seen(() => expect(server.doors).toContain('POST files'))
  })
  it('that are too large or of a wrong kind do not leave, and it is said why', async () => {
    const one = await talking()
    one.widget.uploads.add([png('huge.png', 1001)])
    expect(one.find('.wrong')!.textContent).toMatch(/huge\.png\W* is too large: at most \W*1 kB/)
    one.widget.uploads.add([new File(['<svg onload=alert(1)>'], 'x.svg', { type: 'image/svg+xml' })])
    expect(one.text()).toContain('A file like x.svg cannot be sent here.')
    expect(server.doors).not.toContain('POST files')
  })
  it.each([[413, 'is too large'], [415, 'cannot be sent here'], [422, 'cannot be sent here'], [500, 'could not be sent'], [429, 'That was a lot at once. It goes on in 30 seconds.']])('refused by the server with %i are said to be', async (status, words) => {
    const one = await talking()
    server.refuses.set('POST files', [status, 30])
    one.widget.uploads.add([png('a.png')])
    await seen(() => expect(one.text()).toContain(words))
    expect(one.widget.uploads.all).toEqual([])
  })
  it('of a kind that could do something are only saved', async () => {
    const one = await talking()
    one.write('Hello')
    await seen(() => expect(server.lines.length).toBe(1))
    const file = { id: 9, size: 4, picture: true }
    server.say('', 'Ingrid', { files: [{ ...file, name: '<b>evil</b>.svg', type: 'image/svg+xml' }, { ...file, name: 'page.html', type: 'text/html', picture: false }] })
    await seen(() => expect(one.wrap.querySelectorAll('button.file').length).toBe(2))
    expect([one.wrap.querySelectorAll('img').length, one.wrap.querySelectorAll('b b').length]).toEqual([0, 0])
    expect(one.text()).toContain('<b>evil</b>.svg')
  })
  it('are not offered where the server takes none', async () => {
    server.look.files = { max_bytes: 0, types: [] }
    const one = await talking()
    expect(one.button('Attach a file')).toBe(undefined)
  })
})

describe('an address for the answer, and the transcript', () => {
  async function talking() {
    const one = await page(server)
    one.widget.open('talk')
    one.write('Hello')
    await seen(() => expect(one.find('[data-fate=sent]')).not.toBe(null))
    return one
  }
  it('is left, said once, and never kept in the browser', async () => {
    const one = await talking()
    one.press('Leave an address for the answer')
    one.fill(['nobody', ''])
    expect(one.text()).toContain('This is no mail address')
    one.fill(['kim@post.example', 'Kim'])
    await seen(() => expect(one.text()).toContain('Saved.'))
    expect(server.bodies('PUT contact')).toEqual([{ email: 'kim@post.example', name: 'Kim' }])
    one.press('Back')
    expect(one.find('.note')!.hidden).toBe(true)
    expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain('kim@')
  })
  it('is mailed on demand; too often is said in words', async () => {
    const one = await talking()
    one.press('More')
    expect(one.button('Send me this chat by mail'), 'before anybody has answered').toBe(undefined)
    one.press('More')
    server.say('Good day')
    server.refuses.set('POST transcript', [429, 600])
    one.press('More')
    one.press('Send me this chat by mail')
    one.fill(['kim@post.example'])
    await seen(() => expect(one.text()).toContain('That was a lot at once. It goes on in 10 minutes.'))
    server.refuses.clear()
    one.fill(['kim@post.example'])
    await seen(() => expect(one.text()).toContain('It is on its way to your mailbox.'))
    expect(server.bodies('POST transcript').at(-1)).toEqual({ email: 'kim@post.example' })
  })
  it('are not offered by a server that does not know them', async () => {
    delete server.look.answers
    const one = await talking()
    expect(one.find('.note')!.hidden).toBe(true)
    one.press('More')
    expect(one.button('Send me this chat by mail')).toBe(undefined)
  })
})

describe('who the visitor is', () => {
  it('is shown with the first word, and the shop is told that it counts', async () => {
    const one = await page(server)
    const heard: string[] = []
    one.call('on', 'identified', () => heard.push('identified'))
    one.call('identify', async () => 'signed')
    one.widget.open('talk')
    expect(server.doors).toEqual(['GET'])
    one.write('Hello')
    await seen(() => expect(server.doors).toEqual(['GET', 'POST sessions', 'PUT identity', 'POST messages']))
    expect([server.bodies('PUT identity'), heard]).toEqual([[{ token: 'signed' }], ['identified']])
  })
  it('nothing is said before the word is heard', async () => {
    const one = await page(server)
    server.refuses.set('PUT identity', [503])
    one.call('identify', 'signed')
    one.widget.open('talk')
    one.write('Hello')
    await seen(() => expect(server.doors.filter((door) => door === 'PUT identity').length).toBeGreaterThan(1))
    expect(server.doors).not.toContain('POST messages')
    server.refuses.clear()
    await seen(() => expect(server.lines.length).toBe(1))
    expect(server.visits).toBe(1)
  })
  it('a word that does not count leaves somebody unknown', async () => {
    const one = await page(server)
    const heard: string[] = []
    one.call('on', 'refused', () => heard.push('refused'))
    server.refuses.set('PUT identity', [401])
    one.call('identify', 'forged')
    one.widget.open('talk')
    one.write('Hello')
    await seen(() => expect(server.lines.length).toBe(1))
    expect([heard, server.visits]).toEqual([['refused'], 1])
  })
  it('with somebody else\'s conversation goes all that they had not sent', async () => {
    const one = await page(server)
    one.call('set', { name: 'Kim' })
    one.widget.open('talk')
    one.write('Hello')
    await seen(() => expect(one.find('[data-fate=sent]')).not.toBe(null))
    server.refuses.set('POST messages', [503]).set('PUT identity', [409])
    one.write('A secret')
    await seen(() => expect(one.text()).toContain('Waiting to be sent'))
    one.widget.uploads.add([png('secret.png')])
    await seen(() => expect(one.find('.upload.done')).not.toBe(null))
    const area = one.find<HTMLTextAreaElement>('textarea')!
    area.value = 'Half a secret'
    area.dispatchEvent(new Event('input'))
    one.call('identify', 'another')
    await seen(() => expect(one.text()).not.toContain('secret'))
    expect([one.find<HTMLTextAreaElement>('textarea')!.value, localStorage.length, sessionStorage.getItem('shopbell.3.tab') ?? '']).toEqual(['', 0, expect.not.stringContaining('secret')])
    server.refuses.clear()
    one.write('I am new')
    await seen(() => expect(server.bodies('POST messages').at(-1)).toMatchObject({ text: 'I am new' }))
    expect(server.bodies('POST sessions').at(-1)).toEqual({ language: 'en' })
  })
  it('what was written while the word was asked for is not taken for somebody else\'s', async () => {
    localStorage.setItem('shopbell.3', JSON.stringify({ token: 't0', outbox: [{ id: 'a', text: 'A secret', files: [], state: 'sending' }] }))
    server.token = 't0'
    server.refuses.set('PUT identity', [409])
    let word = ''
    const one = await page(server, {}, ['identify', () => {
      if (server.asked.at(-1)!.path === 'sessions') server.refuses.clear()
      return word
    }])
    one.widget.open('talk')
    one.write('I am new')
    word = 'another'
    await seen(() => expect(server.lines.map((line) => line.text)).toEqual(['I am new']))
    expect([server.visits, one.widget.conversation.pending]).toEqual([1, []])
  })
  it('nothing of an earlier visit is shown while there is no word', async () => {
    localStorage.setItem('shopbell.3', JSON.stringify({ token: 't0', read: 1 }))
    sessionStorage.setItem('shopbell.3.tab', JSON.stringify({ draft: 'Half a secret' }))
    server.token = 't0'
    server.say('A secret')
    let word: unknown
    const one = await page(server, {}, ['identify', async () => word ?? Promise.reject(new Error('no line'))])
    one.widget.open('talk')
    await seen(() => expect(one.widget.visitor.owes).toBe(true))
    await new Promise((later) => setTimeout(later, 50))
    expect([server.sockets, one.find<HTMLTextAreaElement>('textarea')!.value]).toEqual([[], ''])
    word = 'signed'
    await seen(() => expect(one.text()).toContain('A secret'))
    expect(one.find<HTMLTextAreaElement>('textarea')!.value).toBe('Half a secret')
  })
  it('a conversation goes out of sight while the next word fails', async () => {
    localStorage.setItem('shopbell.3', JSON.stringify({ token: 't0', read: 1 }))
    server.token = 't0'
    server.say('A secret')
    const one = await page(server)
    one.widget.open('talk')
    await seen(() => expect(one.text()).toContain('A secret'))
    one.call('identify', () => '')
    await seen(() => expect(one.text()).not.toContain('A secret'))
    expect(one.widget.store.kept.token).toBe('t0')
  })
  it('what a known person said is forgotten where the next word does not count', async () => {
    const one = await page(server)
    one.call('identify', 'signed')
    one.widget.open('talk')
    one.write('A secret')
    await seen(() => expect(one.find('[data-fate=sent]')).not.toBe(null))
    leave()
    server.refuses.set('PUT identity', [401])
    const heard: string[] = []
    const two = await page(server, {}, ['on', 'refused', () => heard.push('refused')], ['identify', 'forged'])
    two.widget.open('talk')
    await seen(() => expect(heard).toEqual(['refused']))
    await new Promise((later) => setTimeout(later, 20))
    expect([two.text().includes('A secret'), two.widget.store.kept]).toEqual([false, {}])
  })
  it('a conversation that is somebody else\'s is forgotten before it is shown', async () => {
    localStorage.setItem('shopbell.3', JSON.stringify({ token: 't0', read: 1 }))
    server.token = 't0'
    server.say('A secret')
    server.refuses.set('PUT identity', [409])
    const one = await page(server)
    await seen(() => expect(one.widget.conversation.cursor).toBe(1))
    one.call('identify', 'another')
    await seen(() => expect(one.widget.conversation.cursor).toBe(0))
    one.widget.open('talk')
    expect(one.text()).not.toContain('A secret')
    server.refuses.clear()
    server.lines = []
    one.write('I am new')
    await seen(() => expect(server.bodies('PUT identity').length).toBe(2))
    expect(server.asked.at(-1)!.token).toBe('t1')
  })
})

describe('the conversation', () => {
  it('goes on under a new visit where the old one is gone, and says the last word there', async () => {
    localStorage.setItem('shopbell.3', JSON.stringify({ token: 'long ago' }))
    const one = await page(server)
    one.widget.open('talk')
    await seen(() => expect(one.text()).toContain('This conversation is over here.'))
    one.write('Hello again')
    await seen(() => expect(server.lines.map((line) => line.text)).toEqual(['Hello again']))
  })
  it('too many messages are said to be, and go out later', async () => {
    const one = await page(server)
    server.refuses.set('POST messages', [429, 1])
    one.widget.open('talk')
    one.write('Hello')
    await seen(() => expect(one.text()).toContain('That was a lot at once. It goes on in 1 second.'))
    expect(one.find('[data-pending] .fate')!.textContent).toBe('Waiting to be sent')
    server.refuses.clear()
    await seen(() => expect(server.lines.length).toBe(1))
    expect(one.find('.wrong')!.textContent).toBe('')
  })
  it('is taken up after the page was left in the middle of sending', async () => {
    const one = await page(server)
    server.refuses.set('POST messages', [503])
    one.widget.open('talk')
    one.write('Half way')
    await seen(() => expect(one.text()).toContain('Waiting to be sent'))
    const [{ id }] = server.bodies('POST messages') as [{ id: string }]
    leave()
    server.refuses.clear()
    const two = await page(server)
    await seen(() => expect(server.lines.map((line) => [line.id, line.text])).toEqual([[id, 'Half way']]))
    two.widget.open('talk')
    expect(two.wrap.querySelectorAll('.line').length).toBe(1)
  })
  it('goes on where no websocket gets through, and says that something is wrong', async () => {
    server.deaf = true
    const one = await page(server)
    one.widget.open('talk')
    one.write('Hello')
    await seen(() => expect(server.lines.length).toBe(1))
    for (const text of ['One', 'Two', 'Three']) server.say(text)
    for (let tries = 0; tries < 3; tries++) {
      await seen(() => expect(one.widget.connection.state).toBe('waiting'))
      one.widget.hurry()
    }
    await seen(() => expect([...one.wrap.querySelectorAll('.line .m')].map((line) => line.textContent)).toEqual(['Hello', 'One', 'Two', 'Three']))
    await seen(() => expect(one.find('.alert')!.textContent).toContain('No connection. Trying again in'))
    expect(one.find('[data-place="1"]')).not.toBe(null)
    server.refuses.set('POST messages', [503])
    one.write('Into the dark')
    await seen(() => expect(one.find('[data-pending] .fate')!.textContent).toBe('Sends when you are back online'))
  })
  it('may be long: a thousand lines are drawn once', async () => {
    localStorage.setItem('shopbell.3', JSON.stringify({ token: 't0', read: 1 }))
    server.token = 't0'
    for (let n = 1; n <= 1000; n++) server.say(`Line ${n}`)
    const one = await page(server)
    one.widget.open()
    const drawn = vi.spyOn(one.widget.screen, 'refresh')
    await seen(() => expect(one.wrap.querySelectorAll('.line').length).toBe(1000))
    expect(drawn.mock.calls.length).toBeLessThan(10)
  })
  it('opens where it was left, even before it has come', async () => {
    localStorage.setItem('shopbell.3', JSON.stringify({ token: 't0', read: 1 }))
    server.token = 't0'
    const one = await page(server)
    one.widget.open()
    expect(one.find('textarea')).not.toBe(null)
    one.press('Back')
    expect(one.button('Go on with the chat')).not.toBe(undefined)
  })
  it('that begins elsewhere changes what home offers', async () => {
    localStorage.setItem('shopbell.3', JSON.stringify({ token: 't0' }))
    server.token = 't0'
    const one = await page(server)
    one.widget.open('home')
    expect(one.button('Start a chat')).not.toBe(undefined)
    await seen(() => expect(one.widget.connection.state).toBe('live'))
    server.say('Good day')
    expect(one.button('Go on with the chat')).not.toBe(undefined)
  })
  it('too long a text is said to be and kept', async () => {
    const one = await page(server)
    one.widget.open('talk')
    one.write('🙂'.repeat(5001))
    expect(one.text()).toContain('At most 5,000 characters')
    expect(one.find<HTMLTextAreaElement>('textarea')!.value.length).toBe(10_002)
    one.write('x'.repeat(10_000_000))
    expect(one.text()).toContain('At most 5,000 characters')
    expect(sessionStorage.getItem('shopbell.3.tab') ?? '').not.toContain('xxx')
    expect(server.visits).toBe(0)
  })
  it.each([['over its websocket', false], ['fetched', true]])('that was open on the page before is read when it comes: %s', async (_, deaf) => {
    localStorage.setItem('shopbell.3', JSON.stringify({ token: 't0', read: 1 }))
    sessionStorage.setItem('shopbell.3.tab', JSON.stringify({ open: true }))
    Object.assign(server, { token: 't0', deaf })
    for (const text of ['Good day', 'Are you there?', 'Hello?']) server.say(text)
    const one = await page(server)
    for (let tries = 0; deaf && tries < 3; tries++) {
      await seen(() => expect(one.widget.connection.state).toBe('waiting'))
      one.widget.connection.hurry()
    }
    await seen(() => expect([one.widget.isOpen, one.widget.unread, one.widget.store.kept.read]).toEqual([true, 0, 3]))
    if (!deaf) expect(server.sockets[0]!.sent.at(-1)).toEqual({ type: 'marks', delivered: 3, read: 3 })
  })
  it('read in another tab is read here, unless that tab has a conversation of its own', async () => {
    localStorage.setItem('shopbell.3', JSON.stringify({ token: 't0.secret' }))
    server.token = 't0.secret'
    for (const text of ['Good day', 'Are you there?']) server.say(text)
    const one = await page(server)
    await seen(() => expect(one.widget.unread).toBe(2))
    const [channel] = server.channels
    channel!.onmessage!({ data: { type: 'read', visit: 't1', place: 2 } })
    expect(one.widget.unread).toBe(2)
    channel!.onmessage!({ data: { type: 'read', visit: 't0', place: 1 } })
    expect(one.widget.unread).toBe(1)
    one.widget.open('talk')
    expect(channel!.told).toEqual([{ type: 'read', visit: 't0', place: 2 }])
  })
  it('counts what was not seen, and shows it', async () => {
    const one = await page(server)
    const counts: unknown[] = []
    one.call('on', 'unread', (about: unknown) => counts.push(about))
    one.widget.open('talk')
    one.write('Hello')
    await seen(() => expect(one.find('[data-fate=sent]')).not.toBe(null))
    one.widget.close()
    server.say('Good day <i>you</i>')
    expect(one.find('.pop p')!.textContent).toBe('Good day <i>you</i>')
    expect(one.find('.launcher .badge, button .badge')!.textContent).toBe('1')
    one.press('Good day')
    expect([one.find('.pop'), counts]).toEqual([null, [{ count: 1 }, { count: 0 }]])
    await seen(() => expect(server.sockets[0]!.sent.at(-1)).toEqual({ type: 'marks', delivered: 2, read: 2 }))
  })
  it('rings once somebody has touched it, and not when the bell is off', async () => {
    let notes = 0
    const sound = () => ({ connect: (next: unknown) => next, start: () => notes++, stop: () => {}, frequency: {}, gain: { setValueAtTime() {}, linearRampToValueAtTime() {}, exponentialRampToValueAtTime() {} } })
    vi.stubGlobal('AudioContext', class { state = 'running'; currentTime = 0; destination = {}; resume = async () => {}; createOscillator = sound; createGain = sound })
    localStorage.setItem('shopbell.3', JSON.stringify({ token: 't0' }))
    server.token = 't0'
    const one = await page(server)
    const hears = async (text: string) => {
      server.say(text)
      await new Promise((later) => setTimeout(later, 20))
      return notes
    }
    await seen(() => expect(one.widget.connection.state).toBe('live'))
    expect(await hears('Before a touch')).toBe(0)
    one.widget.touched()
    expect(await hears('Ding')).toBe(2)
    one.widget.mute(true)
    expect(await hears('Quiet')).toBe(2)
    one.widget.mute(false)
    expect(await hears('Ding')).toBe(4)
    vi.unstubAllGlobals()
  })
  it('may begin from the shop\'s side', async () => {
    localStorage.setItem('shopbell.3', JSON.stringify({ token: 't0' }))
    server.token = 't0'
    const one = await page(server)
    await seen(() => expect(one.widget.connection.state).toBe('live'))
    server.say('The Tind runs small. Shall I help?', 'Tomas')
    expect(one.find('.pop')!.textContent).toContain('The Tind runs small.')
  })
  it('forgotten by the page, it is gone from the browser and from the page', async () => {
    const one = await page(server)
    one.widget.open('talk')
    one.write('Hello')
    await seen(() => expect(server.lines.length).toBe(1))
    one.call('shutdown')
    expect([localStorage.length, sessionStorage.length, document.body.children.length]).toEqual([0, 0, 0])
    one.call('open')
    expect([document.body.children.length, one.wrap.querySelectorAll('.line').length]).toEqual([1, 0])
  })
  it.each([['POST sessions'], ['PUT identity'], ['POST messages']])('stays forgotten when %s is answered afterwards', async (door) => {
    const one = await page(server)
    let answer = () => {}
    server.slow.set(door, new Promise((answered) => (answer = answered)))
    one.call('identify', 'signed')
    one.widget.open('talk')
    one.write('A secret')
    await seen(() => expect(server.doors).toContain(door))
    one.call('shutdown')
    answer()
    await new Promise((later) => setTimeout(later, 50))
    expect([localStorage.length, sessionStorage.length, one.widget.conversation.lines, server.sockets]).toEqual([0, 0, [], []])
    one.call('open')
    expect(one.text()).not.toContain('A secret')
  })
  it('stays off the page though a word was still being asked for', async () => {
    localStorage.setItem('shopbell.3', JSON.stringify({ token: 't0', read: 1 }))
    server.token = 't0'
    const one = await page(server)
    await seen(() => expect(one.widget.connection.state).toBe('live'))
    let named = (_: string) => {}
    one.call('identify', () => new Promise<string>((word) => (named = word)))
    one.call('shutdown')
    localStorage.setItem('shopbell.3', JSON.stringify({ token: (server.token = 't5'), outbox: [{ id: 'a', text: 'Theirs', files: [], state: 'sending' }] }))
    named('signed')
    await new Promise((later) => setTimeout(later, 900))
    expect([server.sockets, server.doors.includes('PUT identity'), server.lines]).toEqual([[], false, []])
  })
  it('stays off the page until it is opened, whatever other tabs begin', async () => {
    const one = await page(server)
    one.call('shutdown')
    server.token = 't5'
    server.say('Good day')
    localStorage.setItem('shopbell.3', JSON.stringify({ token: 't5' }))
    server.channels[0]!.onmessage!({ data: { type: 'kept' } })
    await new Promise((later) => setTimeout(later, 50))
    expect(server.sockets).toEqual([])
    one.call('open')
    await seen(() => expect(one.widget.conversation.cursor).toBe(1))
  })
  it('that another tab has begun meanwhile is not forgotten with the old one', async () => {
    localStorage.setItem('shopbell.3', JSON.stringify({ token: 't0' }))
    server.token = 't0'
    const one = await page(server)
    await seen(() => expect(one.widget.connection.state).toBe('live'))
    let answer = () => {}
    server.slow.set('POST messages', new Promise((answered) => (answer = answered)))
    one.widget.open('talk')
    one.write('Hello')
    await seen(() => expect(server.doors).toContain('POST messages'))
    server.token = 't5'
    localStorage.setItem('shopbell.3', JSON.stringify({ token: 't5' }))
    answer()
    await seen(() => expect(server.lines.map((line) => line.text)).toEqual(['Hello']))
    expect([server.visits, one.widget.store.kept.token]).toEqual([0, 't5'])
  })
  it('takes its files along when the page forgets it', async () => {
    const one = await page(server)
    one.widget.open('talk')
    one.widget.uploads.add([png('seam.png')])
    await seen(() => expect(one.find('.upload.done')).not.toBe(null))
    one.call('shutdown')
    expect(one.widget.uploads.all).toEqual([])
  })
})

describe('who does not see the screen', () => {
  const heard = (one: Awaited<ReturnType<typeof page>>) => [...one.find('.sr[role=status]')!.children].map((line) => line.textContent!.replace(/[\u2068\u2069]/g, ''))
  const at = (one: Awaited<ReturnType<typeof page>>) => one.widget.boot.root.activeElement

  it('hears of each answer', async () => {
    localStorage.setItem('shopbell.3', JSON.stringify({ token: 't0' }))
    server.token = 't0'
    const one = await page(server)
    await seen(() => expect(one.widget.connection.state).toBe('live'))
    for (const text of ['One', 'Two', 'Two']) server.say(text)
    expect(heard(one)).toEqual(['Ingrid: One', 'Ingrid: Two', 'Ingrid: Two'])
  })
  it('hears what is wrong with a text, beside it too', async () => {
    const one = await page(server)
    one.widget.open('talk')
    one.write('x'.repeat(5001))
    expect(heard(one)[0]).toContain('At most 5,000 characters')
    expect(one.find('#' + one.find('textarea')!.getAttribute('aria-describedby'))!.textContent).toContain('At most 5,000 characters')
  })
  it('hears that the conversation is over', async () => {
    localStorage.setItem('shopbell.3', JSON.stringify({ token: 't0' }))
    server.token = 't0'
    const one = await page(server)
    one.widget.open('talk')
    await seen(() => expect(one.widget.connection.state).toBe('live'))
    server.sockets[0]!.end(1008, 'over')
    await seen(() => expect(heard(one)).toEqual(['This conversation is over here. Write to begin a new one.']))
  })
  it('hears once that the line is lost, and stays where they are', async () => {
    localStorage.setItem('shopbell.3', JSON.stringify({ token: 't0', read: 1 }))
    Object.assign(server, { token: 't0', deaf: true })
    const one = await page(server)
    one.widget.open('talk')
    for (let tries = 0; tries < 2; tries++) {
      await seen(() => expect(one.widget.connection.state).toBe('waiting'))
      one.widget.connection.hurry()
    }
    await seen(() => expect(one.widget.connection.state).toBe('waiting'))
    const again = one.button('Try now')!
    again.focus()
    again.click()
    expect([one.widget.connection.state, at(one)]).toEqual(['connecting', again])
    await seen(() => expect(one.widget.connection.state).toBe('waiting'))
    expect(heard(one)).toEqual([expect.stringContaining('No connection. Trying again in')])
    server.deaf = false
    again.click()
    await seen(() => expect(at(one)).toBe(one.find('textarea')))
  })
  it('is at the text again after a message is tried again', async () => {
    const one = await page(server)
    server.refuses.set('POST messages', [422])
    one.widget.open('talk')
    one.write('Hello')
    await seen(() => expect(one.button('Try again')).not.toBe(undefined))
    server.refuses.clear()
    one.button('Try again')!.focus()
    one.press('Try again')
    expect(at(one)).toBe(one.find('textarea'))
  })
  it('is at the button after closing what popped up', async () => {
    localStorage.setItem('shopbell.3', JSON.stringify({ token: 't0' }))
    server.token = 't0'
    const one = await page(server)
    await seen(() => expect(one.widget.connection.state).toBe('live'))
    server.say('Good day')
    const close = one.button('Close this message')!
    close.focus()
    close.click()
    expect(at(one)).toBe(one.widget.boot.launcher)
  })
})

describe('the language', () => {
  it('is the shop\'s where neither page nor browser speaks one that is known', async () => {
    const before = navigator.languages
    Object.defineProperty(navigator, 'languages', { value: ['pl-PL'], configurable: true })
    server.look.language = 'sv'
    const one = await page(server)
    one.widget.open()
    await seen(() => expect(one.find('h2')!.textContent).toBe('Hej, hur kan vi hjälpa dig?'))
    Object.defineProperty(navigator, 'languages', { value: before, configurable: true })
  })
  it('that the visitor chose stays, whatever the page says later', async () => {
    const one = await page(server)
    one.widget.open()
    const select = one.find<HTMLSelectElement>('select')!
    select.value = 'fr'
    select.dispatchEvent(new Event('change'))
    await seen(() => expect(one.wrap.lang).toBe('fr'))
    one.call('set', { language: 'de' })
    await new Promise((later) => setTimeout(later, 20))
    expect([one.wrap.lang, one.widget.store.kept.language]).toEqual(['fr', 'fr'])
  })
})

describe('the page', () => {
  it('is told to the shop with consent only, and taken back with it', async () => {
    const one = await page(server, { consent: 'wait' })
    one.call('page', { url: 'https://fjellvik.example/basket', title: 'Basket', cart: { value: 34700, currency: 'EUR' } })
    expect(server.doors).toEqual(['GET'])
    one.call('consent', true)
    await seen(() => expect(server.bodies('PUT page')).toEqual([{ url: 'https://fjellvik.example/basket', title: 'Basket', cart: { value: 34700, currency: 'EUR' }, seconds: 0 }]))
    one.call('consent', false)
    await seen(() => expect(server.doors.at(-1)).toBe('DELETE page'))
  })
  it('begins no other visit after the visitor has deleted one', async () => {
    const one = await page(server, { consent: 'wait' })
    one.call('consent', true)
    await seen(() => expect(server.doors.filter((door) => door === 'PUT page').length).toBe(1))
    await one.widget.deleteChat()
    one.call('page', { title: 'Basket' })
    await new Promise((later) => setTimeout(later, 20))
    expect([server.visits, localStorage.length]).toEqual([1, 0])
    one.widget.open('talk')
    one.write('Hello')
    await seen(() => expect(server.lines.length).toBe(1))
    one.call('page', { title: 'Basket' })
    await seen(() => expect(server.doors.filter((door) => door === 'PUT page').length).toBe(2))
  })
  it('says nothing to a server that does not ask', async () => {
    delete server.look.answers
    const one = await page(server)
    one.call('consent', true)
    await new Promise((later) => setTimeout(later, 50))
    expect(server.doors).toEqual(['GET'])
  })
  it('may call what there is not, and break in what it is told', async () => {
    const one = await page(server)
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const failed = vi.spyOn(console, 'error').mockImplementation(() => {})
    for (const name of ['nothing', 'constructor', '__proto__']) one.call(name)
    expect(warned).toHaveBeenCalledTimes(3)
    one.call('on', 'open', () => {
      throw new Error('the page is wrong')
    })
    one.call('open')
    expect([one.widget.isOpen, failed.mock.calls.length]).toEqual([true, 1])
  })
})
