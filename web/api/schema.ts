// The words of the API, as the server says them. Times are RFC 3339 UTC strings, ids are numbers.

export type Id = number
export type Time = string

export type Status = 'new' | 'open' | 'pending' | 'on_hold' | 'solved' | 'closed'
export type Priority = 'low' | 'normal' | 'high' | 'urgent'
export type Role = 'owner' | 'admin' | 'lead' | 'agent' | 'viewer'
export type Direction = 'in' | 'out' | 'note'
export type Delivery = 'queued' | 'sent' | 'delivered' | 'refused' | 'bounced'
export type Shelf = 'open' | 'waiting' | 'snoozed' | 'solved' | 'spam' | 'all'

export interface Page<T> {
  data: T[]
  next: string | null
}
export interface Data<T> {
  data: T[]
}

/** Free settings of one person, kept by the server. */
export interface Prefs {
  theme?: 'system' | 'light' | 'dark'
  density?: 'cosy' | 'compact'
  keys?: boolean
}

export interface Me {
  id: Id
  name: string
  email: string
  role: Role
  language: string
  permissions: string[]
  signature: string | null
  prefs: Prefs
  shop: { id: Id; name: string }
}

export interface Agent {
  id: Id
  name: string
  email: string
  role: Role
  active: boolean
  teams: Id[]
  presence: 'online' | 'away' | 'offline'
}
export interface Team {
  id: Id
  name: string
  members: Id[]
}
export interface Session {
  id: Id | string
  created_at: Time
  last_seen_at: Time
  ip: string | null
  user_agent: string | null
  current: boolean
}
export interface Invitation {
  id: Id
  email: string
  name?: string | null
  role: Role
  expires_at: Time
  url?: string
}
export interface Token {
  id: Id
  name: string
  scopes: string[]
  created_at?: Time
  last_used_at?: Time | null
  token?: string
}

export interface Kin {
  id: Id
  number: number
  subject: string
  why: string
}
export interface Ticket {
  id: Id
  number: number
  subject: string
  status: Status
  priority: Priority
  assignee: Id | null
  team: Id | null
  tags: string[]
  customer: { id: Id; name: string } | null
  channel: string
  inbox: Id | null
  language: string | null
  spam: boolean
  snoozed_until: Time | null
  created_at: Time
  updated_at: Time
  last_message_at: Time | null
  waiting_since: Time | null
  snippet: string | null
  messages: number
  unread: boolean
  channels: string[]
  merged_into: Id | null
  follows: Id | null
  version: number
  kin?: Kin[]
}
export type TicketField = 'subject' | 'status' | 'priority' | 'assignee' | 'team' | 'tags' | 'spam'
export type TicketChange = Partial<Pick<Ticket, TicketField>>
export interface BulkChange extends Omit<TicketChange, 'tags' | 'subject'> {
  add_tags?: string[]
  remove_tags?: string[]
  snoozed_until?: Time | null
}

/** The keys of a ticket list, as in the query string of GET /tickets and in saved views. */
export interface Filter {
  shelf?: Shelf
  assignee?: string
  team?: string
  tag?: string
  status?: string
  priority?: string
  customer?: string
  channel?: string
  inbox?: string
  mentions?: string
  drafts?: string
  unread?: string
  view?: string
  q?: string
  sort?: 'updated' | 'oldest'
}
export interface View {
  id: Id
  name: string
  filter: Filter
  shared: boolean
  mine: boolean
}
export interface Count {
  key: string
  count: number
}

export interface Address {
  name: string | null
  value: string
}
export interface Attachment {
  id: Id
  name: string
  content_type: string
  size: number
  inline: boolean
  url: string
}
export interface Upload {
  id: Id
  name: string
  content_type: string
  size: number
  url: string
}
export interface Message {
  id: Id
  ticket: Id
  direction: Direction
  author: { kind: 'customer' | 'agent' | 'system' | 'rule'; id: Id | null; name: string | null }
  text: string | null
  html: string | null
  quoted: string | null
  quoted_html: string | null
  signature: string | null
  subject: string | null
  from: Address | null
  to: Address[]
  cc: Address[]
  attachments: Attachment[]
  inbox: Id | null
  channel: string
  delivery: Delivery | null
  delivery_why: string | null
  send_at: Time | null
  sent_at: Time | null
  automatic: string | null
  checks: { spf: string | null; dkim: string | null; dmarc: string | null } | null
  remote_images: number
  mentions: Id[]
  original: string | null
  language: string | null
  created_at: Time
}
export interface NewMessage {
  direction: 'out' | 'note'
  text?: string
  html?: string
  attachments?: Id[]
  inbox?: Id
  cc?: string[]
  to?: string[]
  status?: Status
  mentions?: Id[]
}
export interface Draft {
  html: string
  attachments: (Upload | Attachment)[]
  cc: string[]
  updated_at: Time
}

export interface Identity {
  kind: string
  value: string
  verified: boolean
  source: string | null
}
export interface Order {
  number: string
  status: string
  placed_at: Time
  /** In the smallest unit of the currency. */
  total: number
  currency: string
  lines: { title: string; quantity: number; total: number }[]
}
export interface Customer {
  id: Id
  name: string
  language: string | null
  note: string | null
  created_at: Time
  identities: Identity[]
  tickets: number
  orders?: Order[]
}

export interface Health {
  state: 'ok' | 'failing' | 'silent' | 'push_only'
  since: Time | null
  why: string | null
  fetched_at: Time | null
}
export type SettingValue = string | number | boolean | null
export interface Inbox {
  id: Id
  channel: string
  name: string
  address: string
  signature: string | null
  settings: Record<string, unknown>
  active: boolean
  health: Health
  team: Id | null
}
export interface Setting {
  key: string
  kind: 'text' | 'number' | 'switch' | 'secret' | { choice: string[] }
  required: boolean
  label: string
}
export interface Channel {
  name: string
  abilities: Record<string, unknown>
  settings: Setting[]
}
export interface Quarantined {
  id: Id
  inbox: Id | null
  received_at: Time
  why: string
  size: number
  tries: number
}
export interface DeadJob {
  id: Id
  name: string
  attempts: number
  last_error: string | null
  run_at: Time
}
export interface Shop {
  id: Id
  name: string
  address: string | null
  language: string
  currency: string
  undo_seconds: number
  reopen_days: number
  signature: string | null
}

export interface Hit {
  kind: 'ticket' | 'customer' | 'message'
  id: Id
  number: number | null
  title: string
  snippet: string | null
  ticket?: Id
}

export interface Actor {
  kind: 'agent' | 'customer' | 'rule' | 'system'
  id: Id | null
  name: string | null
}
export interface DeskEvent {
  seq: number
  at: Time
  kind: string
  ticket: Id | null
  customer: Id | null
  actor: Actor
  data: Record<string, unknown>
  cause: number | null
}

export type PresenceState = 'reading' | 'writing' | 'gone'
export interface Present {
  id: Id
  name: string
  state: PresenceState
}
export type Frame =
  | { type: 'hello'; seq: number }
  | { type: 'event'; event: DeskEvent }
  | { type: 'resync' }
  | { type: 'presence'; ticket: Id; agents: Present[] }
  | { type: 'online'; agents: Id[] }
  | { type: 'ping' }
