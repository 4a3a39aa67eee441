// Sending, undoing, retrying; and telling colleagues that somebody writes.
import { onBeforeUnmount, ref, watch, type Ref } from 'vue'
import { api } from '@api/client'
import type { Id, Message, NewMessage, Status, Ticket } from '@api/schema'
import { me } from '@/agents/useMe'
import { t } from '@/i18n'
import { live, outbox, socket, words } from '@/live'
import { dismissWhere, toast } from '@/toast'
import { clear, draft, restore, type Kind, type Writing } from './useDraft'

let temporary = -1

/** The message as it looks before the server has answered. */
function shown(ticket: Ticket, w: Writing, wish: NewMessage): Message {
  return {
    id: temporary--, ticket: ticket.id, direction: wish.direction, author: { kind: 'agent', id: me.value?.id ?? null, name: me.value?.name ?? null },
    text: null, html: w.html, quoted: null, quoted_html: null, signature: null, subject: null, from: null, reply_to: null, to: [], cc: w.cc.map((value) => ({ name: null, value })),
    attachments: w.attachments.map((a) => ({ inline: false, ...a })), inbox: wish.inbox ?? ticket.inbox, channel: ticket.channel,
    delivery: wish.direction === 'out' ? 'queued' : null, delivery_why: null, send_at: null, sent_at: null, read_at: null, automatic: null, joined: null, entered_by: null, checks: null, unproven: false, remote_images: 0, cut: false,
    mentions: wish.mentions ?? [], original: null, language: null, created_at: new Date().toISOString(),
  }
}

export interface Wish {
  kind: Kind
  inbox: Id | null
  /** Whether others can be in copy this way. */
  copies?: boolean
  status?: Status
  mentions: Id[]
}

const plain = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ').trim().slice(0, 140)

export async function send(ticket: Ticket, w: Writing, wish: Wish): Promise<boolean> {
  const body: NewMessage = { direction: wish.kind === 'note' ? 'note' : 'out', html: w.html }
  if (w.attachments.length > 0) body.attachments = w.attachments.map((a) => a.id)
  if (wish.kind === 'reply') Object.assign(body, { inbox: wish.inbox ?? undefined, cc: wish.copies === false ? [] : w.cc })
  if (wish.status) body.status = wish.status
  if (wish.mentions.length > 0) body.mentions = wish.mentions
  const message = shown(ticket, w, body)
  const was = clear(w)
  const event = { kind: wish.kind === 'note' ? 'note.added' : 'message.queued', ticket: ticket.id, data: { message: message.id, snippet: plain(w.html || was.html) } }
  try {
    const answer = await outbox.act<Message>({
      method: 'POST', path: `/tickets/${ticket.id}/messages`, body,
      label: wish.kind === 'note' ? 'act-note' : 'act-reply', args: { number: ticket.number }, pending: { event, message },
    })
    if (answer) {
      live.addMessage(answer)
      if (wish.status) void live.load(ticket.id).catch(() => {})
      sent(ticket, answer, wish)
    }
    return true
  } catch {
    // The toast has said why; the text comes back to where it was.
    if (w.html === '' && w.attachments.length === 0) restore(w, was)
    return false
  }
}

function sent(ticket: Ticket, message: Message, wish: Wish): void {
  if (wish.kind === 'note') return
  const until = message.send_at ? Date.parse(message.send_at) : 0
  const text = t(wish.status === 'solved' ? 'said-sent-solved' : 'said-sent', { number: ticket.number })
  if (until > Date.now()) toast({ text, icon: 'send', until, undo: () => withdraw(message) })
  else toast({ text, icon: 'send' })
}

/** Takes a message back while it has not left; its text is a draft again and the ticket what it was before. */
export async function withdraw(message: Message): Promise<void> {
  dismissWhere((one) => one.icon === 'send')
  try {
    await api.del(`/messages/${message.id}`)
    live.dropMessage(message.ticket, message.id)
    const w = draft(message.ticket, 'reply')
    if (w.html === '' || w.html === '<p></p>') {
      restore(w, { html: message.html ?? '', attachments: message.attachments, cc: message.cc.map((a) => a.value) })
    }
    await live.load(message.ticket)
  } catch (error) {
    toast({ text: words(error), bad: true })
  }
}

export async function retry(message: Message): Promise<void> {
  try {
    live.addMessage(await api.post<Message>(`/messages/${message.id}/retry`))
  } catch (error) {
    toast({ text: words(error), bad: true })
  }
}

export function dropWaiting(key: string): void {
  outbox.drop(key)
}

/** Says every 20 s that this person reads or writes here, and that they have gone. */
export function usePresence(ticket: Id, writing: Ref<boolean>): void {
  const say = (state: 'reading' | 'writing') => {
    if (!socket.say(ticket, state)) void api.put(`/tickets/${ticket}/presence`, { state }).catch(() => {})
  }
  const now = () => say(writing.value ? 'writing' : 'reading')
  now()
  watch(writing, now)
  const timer = setInterval(() => document.visibilityState === 'visible' && socket.lostAt.value === null && now(), 20_000)
  onBeforeUnmount(() => {
    clearInterval(timer)
    if (!socket.say(null, 'gone')) void api.put(`/tickets/${ticket}/presence`, { state: 'gone' }).catch(() => {})
  })
}

/** Somebody else's answer that came after writing began; asked about once. */
export function useOvertaken(ticket: Id, messages: Ref<Message[]>, writing: Ref<boolean>) {
  let since = newest()
  const warned = ref<Message | null>(null)
  function newest(): number {
    return messages.value.reduce((max, m) => Math.max(max, m.id), 0)
  }
  watch(writing, (is) => is && (since = newest()))
  return {
    warned,
    check(): Message | null {
      const found = messages.value.find((m) => m.id > since && m.direction === 'out' && m.ticket === ticket && m.author.id !== me.value?.id)
      since = newest()
      return (warned.value = found ?? null)
    },
  }
}
