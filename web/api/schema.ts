// The words of the API as the desk uses them. The shapes come from the server (generated.ts, made by `make schema`);
// here they get the names of PRODUCT.md, and what the server leaves open is said exactly.
// Times are RFC 3339 UTC strings, ids are numbers.
import type * as Server from './generated'

/** The server writes every field; what may be absent in its schema is null in its answers. */
type Whole<T> = { [K in keyof T]-?: T[K] }

/** The same for all that it holds. */
type Deep<T> = T extends (infer U)[] ? Deep<U>[] : T extends object ? { [K in keyof T]-?: Deep<T[K]> } : T

export type Id = number
export type Time = string

export type Status = Server.Status
export type Priority = Server.Priority
export type Role = Server.Role
export type Direction = Server.Direction
export type Delivery = Server.Delivery
export type PresenceState = Server.Doing
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
  /** Shortcuts of one's own, by what they do: `{ solve: 's', goInbox: 'g o' }`. */
  keymap?: Record<string, string>
  density?: 'cosy' | 'compact'
  keys?: boolean
}
export type Permission = Server.Permission
export type Me = Omit<Whole<Server.Me>, 'prefs'> & { prefs: Prefs }

export type Agent = Whole<Server.Colleague>
export type Team = Whole<Server.Team>
export type Session = Whole<Server.Session>
/** The address is told once, to whoever invites. */
export type Invitation = Whole<Server.Invitation> & { url?: string }
/** The token itself is told once, when it is made. */
export type Token = Whole<Server.Token> & { token?: string }

export type Kin = Whole<Server.Kin>
/** Kin come with one ticket, not with lists. */
export type Ticket = Omit<Whole<Server.Ticket>, 'kin'> & { kin?: Kin[] }
export type TicketField = 'subject' | 'status' | 'priority' | 'assignee' | 'team' | 'tags' | 'spam'
export type TicketChange = Partial<Pick<Ticket, TicketField>>
export type BulkChange = Omit<TicketChange, 'tags' | 'subject'> & Pick<Server.BulkChange, 'add_tags' | 'remove_tags' | 'snoozed_until'>

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
export type View = Omit<Whole<Server.View>, 'filter'> & { filter: Filter }
export type Count = Whole<Server.Count>

export type Address = Whole<Server.Party>
export type Attachment = Whole<Server.Attachment>
export type Upload = Omit<Attachment, 'inline'>
/** What the receiving server found about the sender: pass, fail, none, … */
export interface Checks {
  spf: string | null
  dkim: string | null
  dmarc: string | null
  /** Why it looks like spam. */
  signs?: string[]
}
export type Message = Omit<Whole<Server.Message>, 'author' | 'from' | 'to' | 'cc' | 'checks' | 'text'> & {
  author: { kind: Server.AuthorKind; id: Id | null; name: string | null }
  /** Null only while a message of our own waits for its answer. */
  text: string | null
  from: Address | null
  /** Where they want answers, if elsewhere. */
  reply_to: Address | null
  to: Address[]
  cc: Address[]
  checks: Checks | null
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
export type Way = Whole<Server.Way>
export type CannedAnswer = Whole<Server.CannedAnswer>
export type FilledText = Whole<Server.FilledText>
export type Visitor = Whole<Server.Visitor>
export type Greeting = Omit<Whole<Server.Greeting>, 'conditions'> & { conditions: Whole<Server.GreetingConditions> & { cart: Server.GreetingAmount | null } }
export interface Draft {
  html: string
  attachments: (Upload | Attachment)[]
  cc: string[]
  updated_at: Time
}

export type Identity = Whole<Server.Identity>
/** Amounts are in the smallest unit of the currency. */
export type Order = Whole<Server.Order>
export type OrderDetail = Deep<Server.OrderDetail>
export type OrderLine = OrderDetail['order']['lines'][number]
export type Shipment = OrderDetail['order']['shipments'][number]
export type OrderUpdateSettings = Server.OrderUpdateSettings
export type OrderUpdateLook = Whole<Server.OrderUpdateLook>
/** What stands beside a ticket or a customer. */
export type Beside = Deep<Server.Beside>
export type ActionKind = Server.ActionKind
export type Action = Server.Action
export type Pieces = Server.Pieces
export type Hindrance = Server.Hindrance
export type OrderAction = Omit<Deep<Server.OrderAction>, 'action'> & { action: Action }
export type ActionPreview = Omit<Deep<Server.ActionPreview>, 'action'> & { action: Action }
export type Limit = Deep<Server.Limit>
export type ShopperChanges = Deep<Server.ShopperChanges>
export type StoreProduct = Deep<Server.StoreProduct>
export type Store = Omit<Deep<Server.Store>, 'settings'> & { settings: Record<string, unknown> }
export type StoreImport = Deep<Server.StoreImport>
export type StoreTable = Deep<Server.StoreTable>
export type TablePlan = Omit<Whole<Server.TablePlan>, 'columns'> & { columns: Record<string, string> }
export type TableWish = Partial<Pick<TablePlan, 'holds' | 'columns' | 'dates' | 'decimals' | 'currency' | 'delimiter' | 'encoding'>>
export type TableFault = Whole<Server.TableFault>
export type TablePreview = Omit<Deep<Server.TablePreview>, 'plan' | 'rows'> & { plan: TablePlan; rows: { line: number; cells: Record<string, unknown> }[] }
export type StoreAbout = Deep<Server.About>
export interface Platform {
  name: string
  capabilities: Server.Capabilities
  settings: Setting[]
}
/** A merge or split that stands, and can be undone. */
export type CustomerMove = Whole<Server.CustomerMove>
export type CustomerMergePreview = Omit<Whole<Server.CustomerMergePreview>, 'from' | 'into'> & { from: Person; into: Person }
export type CustomerSuggestion = Omit<Whole<Server.CustomerSuggestion>, 'customer'> & { customer: Person }
export type PostalAddress = Required<Server.PostalAddress>
export type Block = Whole<Server.Block>
export type JourneyStep = Whole<Omit<Server.JourneyStep, 'order'>> & { order: Order | null }
export type Consent = Whole<Server.Consent>
export type CustomerAttribute = Whole<Server.CustomerAttribute>
interface Known {
  identities: Identity[]
  addresses: PostalAddress[]
  attributes: Record<string, unknown>
}
export type Person = Omit<Whole<Server.Customer>, keyof Known> & Known
export type Customer = Omit<Whole<Server.Card>, keyof Known | 'orders' | 'consents' | 'blocks'> & Known & { orders?: Order[] | null; consents?: Consent[] | null; blocks?: Block[] | null }

export type Health = Omit<Whole<Server.Health>, 'state'> & { state: 'starting' | 'ok' | 'failing' | 'silent' | 'push_only' }
export type SettingValue = string | number | boolean | null
export type Inbox = Omit<Whole<Server.Inbox>, 'settings' | 'health'> & { settings: Record<string, unknown>; health: Health }
export interface Setting {
  key: string
  kind: 'text' | 'number' | 'switch' | 'secret' | { choice: string[] }
  required: boolean
  label: string
  /** What holds while nothing is filled in; and where another field decides, what holds for some of its answers. */
  default?: SettingValue
  default_by?: { key: string; values: Record<string, SettingValue> }
}
export interface Channel {
  name: string
  abilities: Record<string, unknown>
  settings: Setting[]
}
export type PrivacyRequest = Whole<Server.PrivacyRequest>
export type Quarantined = Whole<Server.Held>
export type DeadJob = Whole<Server.LaidAside>
export type Shop = Whole<Server.Shop>
export type Hit = Whole<Server.Hit>

export interface Actor {
  kind: 'agent' | 'customer' | 'rule' | 'system'
  id: Id | null
  name: string | null
}
export type DeskEvent = Omit<Whole<Server.Event>, 'actor' | 'data'> & { actor: Actor; data: Record<string, unknown> }

export interface Present {
  id: Id
  name: string
  state: PresenceState
}
/** What we did on another screen; in no log. */
export type Whisper =
  | { kind: 'ticket.read'; ticket: Id; message: Id | null }
  | { kind: 'draft.saved'; ticket: Id; draft: 'reply' | 'note' }
  | { kind: 'visitor.typing'; ticket: Id; text?: string }
export type Frame =
  | { type: 'hello'; seq: number }
  | { type: 'event'; event: DeskEvent }
  | ({ type: 'whisper' } & Whisper)
  | { type: 'resync' }
  | { type: 'presence'; ticket: Id; agents: Present[] }
  | { type: 'online'; agents: Id[] }
  | { type: 'ping' }

export type Return = Whole<Server.Return>
export type ReturnState = Return['state']
export type ReturnLine = Omit<Whole<Server.ReturnLine>, 'offer'> & { offer: Whole<Server.ReturnOffer> }
export type ReturnDetail = Omit<Whole<Server.ReturnDetail>, 'lines' | 'pictures'> & { lines: ReturnLine[]; pictures: Whole<Server.ReturnPicture>[] }
export type ReturnPolicy = Deep<Server.ReturnPolicy>
export type ReturnRule = ReturnPolicy['rules'][number]
export type KeptReturnPolicy = Omit<Whole<Server.KeptReturnPolicy>, 'policy'> & { policy: ReturnPolicy }
export type ReturnPolicyWords = Server.ReturnPolicyWords
export type ReturnPolicyResult = Deep<Server.ReturnPolicyResult>
export type Parcel = Deep<Server.Parcel>
export type ParcelWithHistory = Deep<Server.ParcelWithHistory>
export type ParcelRules = Whole<Server.ParcelRules>
export type ParcelRulesResult = Deep<Server.ParcelRulesResult>
export type OrderUpdate = Whole<Server.OrderUpdate>
export type SchedulePlan = Deep<Server.SchedulePlan>
export type SchedulePeriod = Deep<Server.SchedulePeriod>
export type Schedule = Deep<Server.Schedule>
export type SchedulePreview = Deep<Server.SchedulePreview>
export type HoursNow = Deep<Server.HoursNow>
export type Holidays = Deep<Server.Holidays>
export type CalendarFileDays = Deep<Server.CalendarFileDays>
