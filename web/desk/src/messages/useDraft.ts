// What is being written, per ticket and kind: at once in this browser, a moment later on the server.
import { reactive } from 'vue'
import { api, Problem } from '@api/client'
import type { Attachment, Draft, Id, Upload } from '@api/schema'
import { live, socket } from '@/live'

export type Kind = 'reply' | 'note'
export interface Writing {
  ticket: Id
  kind: Kind
  html: string
  attachments: (Upload | Attachment)[]
  cc: string[]
  /** When it was last changed here; 0 when it never was. */
  changed: number
  /** Whether the server has what we have. */
  stored: boolean
  ready: boolean
}

const pause = 900
const open = new Map<string, Writing>()
const timers = new Map<string, ReturnType<typeof setTimeout>>()

const name = (ticket: Id, kind: Kind) => `${ticket}.${kind}`
const localName = (key: string) => `shopbell.draft.${live.me.value}.${key}`
export const isBlank = (w: Pick<Writing, 'html' | 'attachments'>) =>
  w.attachments.length === 0 && !/<img/i.test(w.html) && w.html.replace(/<[^>]*>/g, '').replace(/&nbsp;/g, ' ').trim() === ''

function local(key: string): Partial<Writing> | null {
  try {
    return JSON.parse(localStorage.getItem(localName(key)) ?? 'null') as Partial<Writing> | null
  } catch {
    return null
  }
}

function remember(w: Writing): void {
  const key = name(w.ticket, w.kind)
  try {
    if (isBlank(w)) localStorage.removeItem(localName(key))
    else localStorage.setItem(localName(key), JSON.stringify({ html: w.html, attachments: w.attachments, cc: w.cc, changed: w.changed, stored: w.stored }))
  } catch {
    // The server still has it.
  }
}

/** The draft of a ticket: from this page, else from this browser, then from the server when that is newer. */
export function draft(ticket: Id, kind: Kind): Writing {
  const key = name(ticket, kind)
  const known = open.get(key)
  if (known) return known
  const kept = local(key)
  const w = reactive<Writing>({ ticket, kind, html: kept?.html ?? '', attachments: kept?.attachments ?? [], cc: kept?.cc ?? [], changed: kept?.changed ?? 0, stored: kept?.stored ?? true, ready: false })
  open.set(key, w)
  void fetchDraft(w)
  return w
}

async function fetchDraft(w: Writing): Promise<void> {
  const before = w.changed
  // As it was when we asked: what is stored while the answer travels is newer than the answer.
  const stored = w.stored
  try {
    const got = await api.get<Draft | undefined>(`/tickets/${w.ticket}/draft`, { kind: w.kind })
    const newer = got && (stored || Date.parse(got.updated_at) > w.changed)
    if (got && newer && w.changed === before) Object.assign(w, { html: got.html ?? '', attachments: got.attachments ?? [], cc: got.cc ?? [], changed: Date.parse(got.updated_at), stored: true })
    else if (!got && stored && w.changed === before) Object.assign(w, { html: '', attachments: [], cc: [], changed: 0 })
  } catch (error) {
    // 404: none there. Sent or dropped elsewhere, so what was stored before is gone too.
    if (error instanceof Problem && error.status === 404 && stored && w.changed === before) Object.assign(w, { html: '', attachments: [], cc: [], changed: 0 })
  }
  w.ready = true
  remember(w)
  if (!w.stored) later(w)
}

export function changed(w: Writing): void {
  w.changed = Date.now()
  w.stored = false
  remember(w)
  later(w)
}

function later(w: Writing): void {
  const key = name(w.ticket, w.kind)
  clearTimeout(timers.get(key))
  timers.set(key, setTimeout(() => void store(w), pause))
}

async function store(w: Writing): Promise<void> {
  const at = w.changed
  const path = `/tickets/${w.ticket}/draft?kind=${w.kind}`
  try {
    if (isBlank(w)) await api.del(path)
    else await api.put(path, { html: w.html, attachments: w.attachments.map((a) => a.id), cc: w.cc })
    if (w.changed === at) w.stored = true
    remember(w)
  } catch (error) {
    // Nothing to delete is as good as deleted.
    if (error instanceof Problem && error.status === 404) w.stored = true
  }
}

/** It was sent: empty here and there. Answers what it was, so that an undo can bring it back. */
export function clear(w: Writing): Omit<Writing, 'ticket' | 'kind' | 'ready' | 'stored'> {
  const was = { html: w.html, attachments: [...w.attachments], cc: [...w.cc], changed: w.changed }
  clearTimeout(timers.get(name(w.ticket, w.kind)))
  Object.assign(w, { html: '', attachments: [], cc: [], changed: 0, stored: true })
  remember(w)
  void store(w)
  return was
}

export function restore(w: Writing, was: Partial<Pick<Writing, 'html' | 'attachments' | 'cc'>>): void {
  Object.assign(w, was)
  changed(w)
}

/** After the line came back: what could not be stored is stored now. */
socket.onOpen(() => {
  for (const w of open.values()) if (!w.stored) void store(w)
})
if (typeof window !== 'undefined') {
  window.addEventListener('beforeunload', (e) => {
    for (const w of open.values()) remember(w)
    if ([...open.values()].some((w) => !w.stored && !isBlank(w)) && socket.lostAt.value !== null) e.preventDefault()
  })
}
