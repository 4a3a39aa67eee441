// Where we are in the inbox: the address of the page says view, filter, ticket and (on a phone) pane.
import { computed, ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { Filter, Shelf } from '@api/schema'

/** The queues of the views column; what the server counts and lists. */
export const standard: Record<string, { filter: Filter; icon: string; shelves?: boolean }> = {
  open: { filter: { shelf: 'open' }, icon: 'inbox' },
  mine: { filter: { assignee: 'me' }, icon: 'user', shelves: true },
  unassigned: { filter: { assignee: 'none' }, icon: 'user-plus', shelves: true },
  mentions: { filter: { mentions: 'me' }, icon: 'at' },
  snoozed: { filter: { shelf: 'snoozed' }, icon: 'snooze' },
  drafts: { filter: { drafts: 'me' }, icon: 'pencil' },
  waiting: { filter: { shelf: 'waiting' }, icon: 'clock' },
  solved: { filter: { shelf: 'solved' }, icon: 'check-circle' },
  spam: { filter: { shelf: 'spam' }, icon: 'spam' },
}
export const shelfNames: Shelf[] = ['open', 'waiting', 'snoozed', 'solved']
export const filterKeys = ['status', 'priority', 'assignee', 'team', 'tag', 'channel', 'inbox', 'unread'] as const

export const lastInbox = ref('/inbox/open')

export function usePlace() {
  const route = useRoute()
  const router = useRouter()
  const one = (key: string) => (typeof route.query[key] === 'string' ? (route.query[key] as string) : undefined)

  const view = computed(() => String(route.params.view ?? 'open'))
  const ticket = computed(() => (route.params.id ? Number(route.params.id) : null))
  const pane = computed(() => one('pane') ?? (ticket.value === null ? 'list' : 'ticket'))
  const extra = computed<Filter>(() => {
    const got: Filter = {}
    for (const key of filterKeys) if (one(key)) Object.assign(got, { [key]: one(key) })
    return got
  })
  const shelf = computed(() => one('shelf') as Shelf | undefined)
  const sort = computed(() => (one('sort') === 'oldest' ? 'oldest' : 'updated') as 'oldest' | 'updated')
  const filter = computed<Filter>(() => ({ ...base(view.value, shelf.value), ...extra.value, sort: sort.value }))

  const query = (more: Record<string, string | undefined> = {}) => ({ ...route.query, pane: undefined, ...more })
  const go = (more: Record<string, string | undefined>) => router.replace({ name: 'inbox', params: route.params, query: { ...route.query, ...more } })
  const toTicket = (id: number | null) => ({ name: 'inbox', params: { view: view.value, id: id === null ? '' : String(id) }, query: query() })
  const openTicket = (id: number | null, replace = false) => router[replace ? 'replace' : 'push'](toTicket(id))

  return { view, ticket, pane, filter, extra, shelf, sort, go, toTicket, openTicket }
}

function base(view: string, shelf: Shelf | undefined): Filter {
  const known = standard[view]
  if (known) return known.shelves ? { ...known.filter, shelf: shelf ?? 'open' } : known.filter
  const [kind, id] = view.split('-')
  if (kind === 'team') return { team: id, shelf: shelf ?? 'open' }
  if (kind === 'view') return { view: id }
  return { shelf: 'open' }
}

/** Whether the list shows the tabs Open, Waiting, Snoozed, Solved inside its view. */
export const hasShelves = (view: string) => standard[view]?.shelves === true || view.startsWith('team-')
