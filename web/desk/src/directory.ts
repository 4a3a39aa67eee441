// People, teams, inboxes, views, tags and counts: small lists everybody needs, kept fresh by events.
import { computed, shallowRef, type ShallowRef } from 'vue'
import { api } from '@api/client'
import type { Agent, Count, Data, DeskEvent, Id, Inbox, Shop, Team, View } from '@api/schema'
import { live } from './live'

export const agents = shallowRef<Agent[]>([])
export const teams = shallowRef<Team[]>([])
export const inboxes = shallowRef<Inbox[]>([])
export const views = shallowRef<View[]>([])
export const tags = shallowRef<string[]>([])
export const counts = shallowRef<Record<string, number>>({})
export const shop = shallowRef<Shop | null>(null)

export const activeAgents = computed(() => agents.value.filter((a) => a.active))
export const agent = (id: Id | null | undefined) => agents.value.find((a) => a.id === id)
export const team = (id: Id | null | undefined) => teams.value.find((x) => x.id === id)
/** Through which answers leave. */
export const answering = computed(() => inboxes.value.filter((i) => i.active && i.answers))
export const inbox = (id: Id | null | undefined) => inboxes.value.find((x) => x.id === id)

async function read<T>(path: string, into: ShallowRef<T[]>): Promise<void> {
  const got = await api.get<Data<T> | T[]>(path)
  into.value = Array.isArray(got) ? got : got.data
}

const readers: Record<string, () => Promise<void>> = {
  agent: () => read('/agents', agents),
  team: () => read('/teams', teams),
  inbox: () => read('/inboxes', inboxes),
  view: () => read('/views', views),
  tag: () => read('/tags', tags),
  shop: async () => void (shop.value = await api.get<Shop>('/shop')),
  count: async () => {
    const got = await api.get<{ views: Count[] }>('/tickets/counts')
    counts.value = Object.fromEntries(got.views.map((c) => [c.key, c.count]))
  },
}

export async function reread(...names: (keyof typeof readers)[]): Promise<void> {
  await Promise.allSettled(names.map((name) => readers[name]!()))
}

let later: ReturnType<typeof setTimeout> | null = null
const due = new Set<string>()

function soon(name: string): void {
  due.add(name)
  later ??= setTimeout(() => {
    later = null
    const names = [...due]
    due.clear()
    void reread(...names)
  }, 700)
}

function follow(event: DeskEvent): void {
  const [noun] = event.kind.split('.') as [string]
  if (noun === 'ticket' || noun === 'message' || noun === 'note' || noun === 'draft') soon('count')
  if (event.kind === 'ticket.changed' && 'tags' in ((event.data.changes as object) ?? {})) soon('tag')
  if (noun in readers) soon(noun)
  if (noun === 'view') soon('count')
}

let stop: (() => void) | null = null
export async function loadDirectory(): Promise<void> {
  stop ??= live.listen(follow)
  await reread('agent', 'count', 'view', 'team', 'inbox', 'tag', 'shop')
}

export function forgetDirectory(): void {
  stop?.()
  stop = null
}
