// Canned answers: finding them, filling them in for a ticket, and what nobody filled in.
import { shallowRef } from 'vue'
import { api } from '@api/client'
import type { CannedAnswer, FilledText, Id, Page } from '@api/schema'
import { may } from '@/agents/useMe'
import { words } from '@/live'
import { toast } from '@/toast'

/** What can stand in braces; the server puts in what it stands for. */
export const variables = ['customer.first_name', 'agent.name', 'ticket.number', 'shop.name'] as const
export const inBraces = (name: string) => `{{${name}}}`

export async function findAnswers(q: string, language: string | null, signal?: AbortSignal): Promise<CannedAnswer[]> {
  // What a mail says of its language may be anything.
  const known = language && /^[a-z]{2,3}(-[\da-zA-Z]{2,8})*$/.test(language) ? language : null
  const page = await api.get<Page<CannedAnswer>>('/canned-answers', { q, language: known, limit: 8 }, signal).catch(() => null)
  return page?.data ?? []
}

/** Its text for this ticket, ready to be put in; null where that went wrong, and was said. */
export async function takeAnswer(answer: CannedAnswer, ticket: Id): Promise<string | null> {
  try {
    return inline((await api.post<FilledText>(`/canned-answers/${answer.id}/uses`, { ticket })).html)
  } catch (error) {
    toast({ text: words(error), bad: true })
    return null
  }
}

/** One paragraph goes into the line that is being written; several stand for themselves. */
export function inline(html: string): string {
  const only = /^\s*<p>((?:(?!<\/?p\b)[\s\S])*)<\/p>\s*$/.exec(html)
  return only ? only[1]! : html.trim()
}

/** As the editor takes it: HTML without any element would go in letter by letter, entities and all. */
export function content(html: string): string | { type: 'text'; text: string } {
  if (html.includes('<')) return html
  return { type: 'text', text: new DOMParser().parseFromString(html, 'text/html').body.textContent ?? '' }
}

const hole = /\{\{\s*([^{}<>]{1,60}?)\s*\}\}/g

/** Where a text says `{{…}}` still: nobody knew the value. */
export function holes(text: string): { from: number; to: number; name: string }[] {
  return [...text.matchAll(hole)].map((m) => ({ from: m.index, to: m.index + m[0].length, name: m[1]! }))
}
export const holeNames = (html: string) => [...new Set(holes(html).map((h) => h.name))]

/** As it may look: what the variables stand for is made up here, and nowhere sent. */
export function sample(html: string, values: Record<string, string>): string {
  const safe = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;')
  return html.replace(hole, (whole, name: string) => (name in values ? safe(values[name]!) : whole))
}

export const mayChange = (answer: CannedAnswer) => may('tickets.write') && (answer.personal || may('tickets.delete'))

/** Takes an answer into what is being written; null while nothing is. */
export const taker = shallowRef<((answer: CannedAnswer) => unknown) | null>(null)
