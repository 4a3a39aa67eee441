// What ⌘K offers: actions on the open ticket, places, and what the search finds.
import { computed, ref, watch, type Ref } from 'vue'
import { useRouter } from 'vue-router'
import { api } from '@api/client'
import type { CannedAnswer, Data, Hit, Ticket } from '@api/schema'
import { may, me, mayWrite, signOut } from '@/agents/useMe'
import { findAnswers, taker } from '@/canned/answers'
import { asStored, personName } from '@/customers/names'
import { counts, teams, views } from '@/directory'
import { t } from '@/i18n'
import { bound, caps, type KeyName } from '@/keys'
import { live } from '@/live'
import { offers } from '@/orders/offers'
import { waitingForMe } from '@/orders/waiting'
import { standard, usePlace } from '@/tickets/place'

export interface Option {
  key: string
  group: string
  label: string
  icon: string
  detail?: string
  /** Said on the right: what Enter will do. */
  about: string
  caps?: readonly string[]
  hit?: Hit
  run: () => unknown
}

const ticketKeys: [KeyName, string][] = [
  ['reply', 'send'], ['note', 'lock'], ['solve', 'check'], ['assignMe', 'user'], ['assign', 'user-plus'], ['snooze', 'snooze'],
  ['tag', 'tag'], ['priority', 'flag'], ['merge', 'merge'], ['unread', 'mail'],
  ['refund', 'refund'], ['sendAgain', 'swap'], ['sendBack', 'return'], ['discount', 'percent'],
]

export function usePalette(open: (sheet: 'help' | 'create') => void) {
  const router = useRouter()
  const place = usePlace()
  const text = ref('')
  const ticket = computed<Ticket | undefined>(() => (place.ticket.value === null ? undefined : live.tickets.get(place.ticket.value)))
  const mode = computed(() => (/^[#@>/]/.test(text.value) ? text.value[0]! : ''))
  const typed = computed(() => text.value.replace(/^[#@>/]\s*/, '').trim())
  const { found, answers, searching } = useFinder(typed, mode, computed(() => ticket.value?.language ?? null))

  const actions = computed<Option[]>(() => {
    const now = ticket.value
    if (!now || !mayWrite.value) return []
    const group = t('palette-ticket', { number: now.number })
    const byKey = ticketKeys.filter(([name]) => bound(name)).map(([name, icon]) => ({
      key: name, group, label: t(`key-${name}`), icon, caps: caps(name), about: t(`about-${name}`, { number: now.number, subject: now.subject }), run: bound(name)!,
    }))
    const ofOrder = offers.value.map((one) => ({
      key: `order-${one.key}`, group, label: t('palette-order', { what: one.label }), icon: one.icon, run: one.run,
      about: one.why ? t('acts-why', { what: one.label, why: one.why }) : t('about-order', { what: one.label }),
    }))
    return [...byKey, ...ofOrder]
  })
  const commands = computed(() => commandOptions(open))
  const places = computed(() => placeOptions((to) => router.push(to)))
  const toHit = (hit: Hit): Option => ({
    key: `hit-${hit.kind}-${hit.id}`, hit, label: hit.kind === 'customer' ? personName(hit.title) : hit.title, icon: hit.kind === 'customer' ? 'user' : 'mail',
    group: t(hit.kind === 'customer' ? 'page-customers' : 'palette-tickets'), detail: hit.number ? `#${hit.number}` : undefined,
    about: hit.kind === 'customer' ? t('about-customer') : t('about-open'),
    run: () => router.push(hit.kind === 'customer' ? `/customers/${hit.id}` : place.toTicket(hit.kind === 'message' ? (hit.ticket ?? hit.id) : hit.id)),
  })
  const toAnswer = (answer: CannedAnswer): Option => ({
    key: `answer-${answer.id}`, group: t('settings-answers'), label: answer.name, icon: 'quote', detail: `/${answer.shortcut}`, about: answer.text.slice(0, 400), run: () => taker.value?.(answer),
  })
  const all = computed<Option>(() => ({ key: 'all', group: t('palette-search'), label: t('palette-all', { q: typed.value }), icon: 'search', about: t('about-all'), run: () => router.push({ name: 'search', query: { q: typed.value } }) }))

  const options = computed<Option[]>(() => {
    const wanted = typed.value.toLocaleLowerCase()
    const fits = (o: Option) => !wanted || o.label.toLocaleLowerCase().includes(wanted)
    if (mode.value === '/') return taker.value ? answers.value.map(toAnswer) : []
    if (mode.value === '>') return [...actions.value, ...commands.value, ...places.value].filter(fits)
    const things = found.value.map(toHit).filter((o) => mode.value === '' || (mode.value === '@') === (o.hit!.kind === 'customer'))
    if (mode.value) return things
    if (!wanted) return [...actions.value.filter((o) => !o.key.startsWith('order-')), ...commands.value, ...places.value.slice(0, 6)]
    return [...[...actions.value, ...commands.value].filter(fits).slice(0, 6), ...places.value.filter(fits).slice(0, 5), ...things, all.value]
  })

  return { text, typed, mode, options, ticket, searching }
}

/** What the search finds while one types; an older answer never overtakes a newer one. */
function useFinder(typed: Ref<string>, mode: Ref<string>, language: Ref<string | null>) {
  const found = ref<Hit[]>([])
  const answers = ref<CannedAnswer[]>([])
  const searching = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let stop: AbortController | null = null
  watch([typed, mode], ([q, kind]) => {
    clearTimeout(timer)
    stop?.abort()
    if (kind === '/') return void findAnswers(q, language.value, (stop = new AbortController()).signal).then((got) => mode.value === '/' && typed.value === q && (answers.value = got))
    if (q.length < (kind ? 1 : 2) || kind === '>') return (found.value = [])
    timer = setTimeout(async () => {
      stop = new AbortController()
      searching.value = true
      const what = kind === '#' ? 'ticket' : kind === '@' ? 'customer' : undefined
      const got = await api.get<Data<Hit>>('/search', { q: asStored(q), kind: what, limit: 10 }, stop.signal).catch(() => null)
      searching.value = false
      if (got && typed.value === q) found.value = got.data
    }, 120)
  })
  return { found, answers, searching }
}

function commandOptions(open: (sheet: 'help' | 'create') => void): Option[] {
  const group = t('palette-do')
  const create: Option = { key: 'create', group, label: t('new-ticket'), icon: 'pencil', caps: caps('create'), about: t('about-create'), run: () => open('create') }
  return [
    ...(mayWrite.value ? [create] : []),
    { key: 'help', group, label: t('key-help'), icon: 'keyboard', caps: caps('help'), about: t('about-help'), run: () => open('help') },
    { key: 'out', group, label: t('rail-sign-out'), icon: 'logout', about: t('about-out', { name: me.value?.name }), run: signOut },
  ]
}

const settingsPages = ['profile', 'keyboard', 'sessions', 'shop', 'agents', 'teams', 'inboxes', 'stores', 'returns', 'parcels', 'updates', 'limits', 'answers', 'greetings', 'tokens', 'quarantine', 'jobs']

function placeOptions(push: (to: string) => unknown): Option[] {
  const go = (key: string, label: string, icon: string, to: string, n?: number): Option => ({
    key, group: t('palette-go'), label, icon, detail: n ? String(n) : undefined, about: t('about-go', { place: label }), run: () => push(to),
  })
  return [
    ...Object.entries(standard).map(([key, { icon }]) => go(`go-${key}`, t(`view-${key}`), icon, `/inbox/${key}`, counts.value[key])),
    ...teams.value.map((x) => go(`team-${x.id}`, x.name, 'users', `/inbox/team-${x.id}`)),
    ...views.value.map((v) => go(`view-${v.id}`, v.name, 'flag', `/inbox/view-${v.id}`)),
    go('customers', t('page-customers'), 'users', '/customers'),
    go('returns', t('page-returns'), 'return', '/returns'),
    go('parcels', t('page-parcels'), 'truck', '/parcels'),
    ...(may('actions.approve') ? [go('approvals', t('page-approvals'), 'shield', '/approvals', waitingForMe.value.length)] : []),
    ...settingsPages.map((p) => go(`set-${p}`, t('palette-settings', { page: t(`settings-${p}`) }), 'settings', `/settings/${p}`)),
  ]
}
