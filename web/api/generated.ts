// Made by `make schema` from the server's own types. Do not edit.

/** What a store says of itself when it is connected. */
export type About = {
  address: string;
  currency?: string | null;
  name: string;
  problems: Array<string>;
  version?: string | null;
}

export type Acceptance = {
  name: string;
  password: string;
}

/** One thing to do. Amounts are in the smallest unit of the order's currency. */
export type Action = {
  amount?: number | null;
  kind: "refund";
  lines?: Array<Pieces>;
  notify?: boolean;
  reason?: string;
  restock?: boolean;
  shipping?: number;
  to?: RefundTo;
} | {
  kind: "cancel";
  notify?: boolean;
  reason?: string;
  refund?: boolean;
  restock?: boolean;
} | {
  address: Address;
  kind: "change_address";
} | {
  kind: "note";
  text: string;
} | {
  add?: Array<string>;
  kind: "tag";
  remove?: Array<string>;
} | {
  kind: "resend_confirmation";
} | {
  kind: "replacement";
  lines: Array<Pieces>;
  reason?: string;
} | {
  amount?: number | null;
  days?: number | null;
  kind: "discount";
  percent?: number | null;
} | {
  amount: number;
  kind: "store_credit";
  reason?: string;
} | {
  kind: "hold";
  reason?: string;
} | {
  kind: "release";
} | {
  kind: "return";
  lines: Array<Pieces>;
  reason?: string;
} | {
  kind: "exchange";
  lines: Array<Pieces>;
  reason?: string;
  with: Array<Wished>;
}

/** Who asked for it. */
export type ActionBy = {
  id?: number | null;
  kind: string;
}

/** A kind of action, for limits, permissions and what a platform can do. */
export type ActionKind = "refund" | "cancel" | "change_address" | "note" | "tag" | "resend_confirmation" | "replacement" | "discount" | "store_credit" | "hold" | "release" | "return" | "exchange"

export type ActionPreview = {
  above?: string | null;
  action: Action;
  amount: number;
  currency: string;
  platform: Preview;
  seen?: number | null;
  undo: number;
}

/** Who did it. */
export type Actor = {
  id?: number | null;
  kind: string;
  name?: string | null;
}

export type Address = {
  city?: string;
  company?: string | null;
  country?: string;
  line1?: string;
  line2?: string | null;
  name?: string | null;
  phone?: string | null;
  postcode?: string | null;
  region?: string | null;
}

/** How a language addresses people where it knows two ways: `Sie` or `du`, `vous` or `tu`. */
export type AddressForm = "formal" | "informal"

export type After = {
  after?: number | null;
}

export type AgentChange = {
  active?: boolean | null;
  chat_capacity?: number | null;
  name?: string | null;
  role?: Role | null;
  teams?: Array<number> | null;
}

export type Answer = {
  key: string;
  value: string;
}

export type Answer2 = {
  answered: boolean;
}

export type Answers = {
  minutes?: number | null;
  open: boolean;
  opens_at?: string | null;
}

/** What was found of one line. */
export type ArrivedReturnLine = {
  condition: Condition;
  id: number;
  note?: string | null;
  received: number;
  restock?: boolean;
}

export type Attachment = {
  content_type: string;
  id: number;
  inline: boolean;
  name: string;
  size: number;
  url: string;
}

/** What the values of an attribute are. */
export type AttributeKind = "text" | "number" | "boolean" | "date" | "choice"

export type Author = {
  id?: number | null;
  kind: AuthorKind;
  name: string;
}

export type AuthorKind = "customer" | "agent" | "system"

export type Begin = {
  answers?: Array<Answer>;
  language?: string | null;
  name?: string | null;
}

export type Begun = {
  expires_at: string;
  token: string;
}

export type Beside = {
  connected: boolean;
  count: number;
  first_at?: string | null;
  lifetime: Array<Worth>;
  marketing?: boolean | null;
  order?: OrderDetail | null;
  others: Array<Order>;
  problems: Array<string>;
  tier?: string | null;
  why?: string | null;
}

export type Block = {
  agent?: number | null;
  created_at: string;
  id: number;
  proven: boolean;
  value: string;
  what: Blocked;
  why: string;
}

/** What a block holds. */
export type Blocked = "customer" | "domain" | "email" | "phone" | "handle" | "shop_account" | "visitor"

/** Why nothing can be sent this way now. */
export type Blocked2 = "no_address" | "not_begun" | "over" | "window_closed"

export type Bulk = {
  change: BulkChange;
  tickets: Array<number>;
}

export type BulkChange = {
  add_tags?: Array<string>;
  assignee?: number | null;
  priority?: Priority | null;
  remove_tags?: Array<string>;
  snoozed_until?: string | null;
  spam?: boolean | null;
  status?: Status | null;
  team?: number | null;
}

export type Buyer = {
  accepts_marketing?: boolean | null;
  changed_at?: string | null;
  email?: string | null;
  email_verified?: boolean;
  id?: string | null;
  language?: string | null;
  name?: string | null;
  phone?: string | null;
  tags?: Array<string>;
}

export type CalendarFile = {
  ics: string;
}

export type CalendarFileDays = {
  days: Array<NamedDay>;
  left_out: number;
}

export type Called = {
  number: string;
}

/** One as its reader sees it. */
export type CannedAnswer = {
  created_at: string;
  html: string;
  id: number;
  language?: string | null;
  name: string;
  personal: boolean;
  shop?: number | null;
  shortcut: string;
  team?: number | null;
  text: string;
  updated_at: string;
  used: number;
  used_at?: string | null;
}

export type CannedAnswerPatch = {
  html?: string | null;
  language?: string | null;
  name?: string | null;
  personal?: boolean | null;
  shop?: number | null;
  shortcut?: string | null;
  team?: number | null;
  text?: string | null;
}

export type CannedAnswerUse = {
  ticket: number;
}

/** What a platform can do, so that no caller ever asks which one it is. */
export type Capabilities = {
  actions: Array<ActionKind>;
  asked: boolean;
  installs: boolean;
  pushes: boolean;
  webhooks: boolean;
}

export type Card = {
  addresses: Array<PostalAddress>;
  attributes: Record<string, unknown>;
  blocks?: Array<Block> | null;
  consents?: Array<Consent> | null;
  created_at: string;
  id: number;
  identities: Array<Identity>;
  language?: string | null;
  languages: Array<string>;
  merged_into?: number | null;
  name: string;
  note: string;
  orders?: Array<Order> | null;
  tags: Array<string>;
  tickets: number;
  time_zone?: string | null;
  updated_at: string;
}

export type Cart = {
  currency: string;
  value: number;
}

export type Channel = {
  abilities: unknown;
  name: string;
  settings: unknown;
}

/** An agent as the others see them. */
export type Colleague = {
  active: boolean;
  chat_capacity?: number | null;
  email: string;
  id: number;
  name: string;
  presence: Presence;
  role: Role;
  teams: Array<number>;
}

/** In what state goods came back. */
export type Condition = "new" | "opened" | "used" | "damaged" | "wrong" | "missing"

export type Consent = {
  agent?: number | null;
  given_at: string;
  how: string;
  id: number;
  what: string;
  withdrawn_at?: string | null;
}

export type Contact = {
  answers?: Array<Answer>;
  email?: string | null;
  name?: string | null;
}

export type Conversation = {
  data: Array<WidgetLine>;
  ended: boolean;
  newest: number;
  read_by_shop: number;
}

export type Count = {
  count: number;
  key: string;
}

export type Counts = {
  views: Array<Count>;
}

export type Credentials = {
  email: string;
  password: string;
}

export type Customer = {
  addresses: Array<PostalAddress>;
  attributes: Record<string, unknown>;
  created_at: string;
  id: number;
  identities: Array<Identity>;
  language?: string | null;
  languages: Array<string>;
  merged_into?: number | null;
  name: string;
  note: string;
  tags: Array<string>;
  time_zone?: string | null;
  updated_at: string;
}

export type CustomerAttribute = {
  choices: Array<string>;
  id: number;
  key: string;
  kind: AttributeKind;
  label: string;
}

export type CustomerAttributePatch = {
  choices?: Array<string> | null;
  label?: string | null;
}

export type CustomerMerge = {
  into: number;
}

/** What merging would do. */
export type CustomerMergePreview = {
  from: Customer;
  identities: Array<Identity>;
  into: Customer;
  language?: string | null;
  messages: number;
  name: string;
  note: string;
  orders: number;
  tickets: number;
}

/** A merge or split that can be undone. */
export type CustomerMove = {
  agent?: number | null;
  at: string;
  customer: number;
  id: number;
  name: string;
}

export type CustomerMoves = {
  data: Array<CustomerMove>;
}

export type CustomerName = {
  id: number;
  name: string;
}

export type CustomerSplit = {
  identities: Array<number>;
  name?: string | null;
}

/** Somebody who may be the same person. */
export type CustomerSuggestion = {
  customer: Customer;
  reasons: Array<Reason2>;
  score: number;
}

export type CustomerSuggestions = {
  data: Array<CustomerSuggestion>;
}

export type CustomersMerged = {
  customer: Customer;
  id: number;
}

export type CustomersSplit = {
  customer: Customer;
  id: number;
}

/** How a day is written. `2026-11-27` is always understood. */
export type Dates = "iso" | "day_first" | "month_first"

/** What stands between whole and part of a number. */
export type Decimals = "point" | "comma"

export type Decision = {
  approve: boolean;
  note?: string | null;
}

export type Delimiter = "comma" | "semicolon" | "tab"

/** Where an outgoing message is on its way. */
export type Delivery = "queued" | "sent" | "delivered" | "bounced" | "refused"

export type Direction = "in" | "out" | "note"

export type Discount = {
  amount?: number;
  code?: string;
}

/** What an agent does on a ticket; what shows more counts more. */
export type Doing = "gone" | "reading" | "writing"

export type Done = {
  changed: number;
  undo: number;
}

/** What an action did. */
export type Done2 = {
  amount: number;
  code?: string | null;
  reference?: string | null;
}

export type Draft = {
  attachments?: Array<number>;
  cc?: Array<string>;
  html: string;
}

export type Encoding = "utf-8" | "windows-1252"

/** One line of the log. */
export type Event = {
  actor: Actor;
  at: string;
  cause?: number | null;
  customer?: number | null;
  data: unknown;
  kind: string;
  seq: number;
  ticket?: number | null;
}

/** Why there is no such right, or why that is not certain. */
export type Exception = "business" | "made_to_order" | "perishable" | "sealed" | "digital" | "digital_begun" | "over" | "long_ago" | "elsewhere"

export type Face = {
  name: string;
}

/** What a fee is for. */
export type FeeFor = "handling" | "shipping"

export type FieldProblem = {
  field: string;
  why: string;
}

export type FilePath = {
  id: number;
  name: string;
}

export type FilePath2 = {
  file: number;
}

/** A text with what is known in it. */
export type FilledText = {
  html: string;
  missing: Array<string>;
}

/** Which tickets. What is absent does not narrow. */
export type Filter = {
  after?: string | null;
  assignee?: string | null;
  channel?: string | null;
  customer?: number | null;
  drafts?: string | null;
  inbox?: number | null;
  limit?: number | null;
  mentions?: string | null;
  priority?: string | null;
  shelf?: string | null;
  sort?: string | null;
  status?: string | null;
  tag?: string | null;
  team?: string | null;
  unread?: boolean | null;
  view?: number | null;
}

export type FirstOwner = {
  email: string;
  language?: string | null;
  name: string;
  password: string;
  shop_name?: string | null;
}

export type FirstWord = {
  text: string;
}

/** What is wrong with a cell, a row or a table. */
export type Flaw = "too_long" | "date" | "number" | "yes_no" | "email" | "link" | "country" | "currency" | "unmapped" | "no_column" | "empty" | "too_many_rows" | "width" | "missing" | "unreadable" | "whole" | "thousands" | "parts" | "word" | "differs" | "again" | "too_many_lines" | "too_large" | "refunded" | "unknown_order"

export type Forgotten = {
  email: string;
}

/** What became of the goods. */
export type Fulfilment = "unfulfilled" | "partial" | "fulfilled" | "returned" | "on_hold" | "in_progress"

export type Greeting = {
  active: boolean;
  answered: number;
  conditions: GreetingConditions;
  every_days: number;
  face?: number | null;
  id: number;
  inbox: number;
  name: string;
  place: number;
  shown: number;
  texts: Record<string, string>;
}

export type GreetingAmount = {
  currency: string;
  value: number;
}

/** When a greeting fits: all of it has to. What is not said does not matter. */
export type GreetingConditions = {
  cart?: GreetingAmount | null;
  hours?: ShownWhen;
  known?: boolean;
  languages?: Array<string>;
  pages?: Array<GreetingPage>;
  seconds?: number;
  visits?: number;
}

export type GreetingPage = {
  how: PageHow;
  value: string;
}

export type GreetingPatch = {
  active?: boolean | null;
  conditions?: GreetingConditions | null;
  every_days?: number | null;
  face?: number | null;
  name?: string | null;
  place?: number | null;
  texts?: Record<string, string> | null;
}

/** How an inbox is doing. */
export type Health = {
  fetched_at?: string | null;
  since: string;
  state: string;
  why?: string | null;
}

/** How a store is doing. */
export type Health2 = {
  since: string;
  state: string;
  why?: string | null;
}

/** Where it was said. */
export type Heard = "in_person" | "voice"

/** One arrival that could not be read. */
export type Held = {
  id: number;
  inbox: number;
  received_at: string;
  size: number;
  tries: number;
  why: string;
}

/** Why an action cannot be had on an order as it is. */
export type Hindrance = "cancelled" | "not_cancelled" | "on_hold" | "not_on_hold" | "no_address" | "no_lines" | "unable" | "disconnected" | "not_paid" | "refunded" | "shipped" | "not_shipped" | "in_progress" | "no_buyer"

export type Hit = {
  id: number;
  kind: Kind2;
  number?: number | null;
  snippet: string;
  ticket?: number | null;
  title: string;
}

/** What a table holds. */
export type Holds = "customers" | "products" | "shipments" | "orders"

export type Holds2 = "yes" | "no" | "unsure"

export type HolidayCountry = {
  code: string;
  regions: Array<string>;
}

/** Whose holidays a schedule keeps. */
export type HolidayRegion = {
  country: string;
  region?: string | null;
}

export type Holidays = {
  countries: Array<HolidayCountry>;
  days: Array<NamedDay>;
  first_year: number;
  last_year: number;
}

export type HolidaysWanted = {
  country?: string | null;
  region?: string | null;
  year?: number | null;
}

export type Hours = {
  shop?: number | null;
  teams?: Array<TeamHours>;
}

export type HoursNow = {
  shop: HoursUse;
  teams: Array<HoursTeamUse>;
}

export type HoursTeamUse = {
  changes_at?: string | null;
  open: boolean;
  schedule: number;
  team: number;
}

export type HoursUse = {
  changes_at?: string | null;
  open: boolean;
  schedule?: number | null;
}

export type Identify = {
  token: string;
}

export type Identity = {
  first_seen_at?: string | null;
  id: number;
  kind: IdentityKind;
  last_seen_at?: string | null;
  source: string;
  value: string;
  verified: boolean;
  verified_at?: string | null;
  verified_by?: Proof | null;
}

/** What an identity is an address of. */
export type IdentityKind = "email" | "phone" | "handle" | "shop_account" | "visitor"

export type IdentityPatch = {
  verified: boolean;
}

export type InCart = {
  currency: string;
  value: number;
}

export type Inbox = {
  active: boolean;
  address: string;
  answers: boolean;
  channel: string;
  health: Health;
  id: number;
  name: string;
  settings: unknown;
  signature?: string | null;
  team?: number | null;
}

export type InboxPatch = {
  active?: boolean | null;
  name?: string | null;
  settings?: unknown;
  signature?: string | null;
  team?: number | null;
}

export type Invitation = {
  email: string;
  expires_at: string;
  id: number;
  name: string;
  role: Role;
  teams: Array<number>;
}

/** What the invited person sees before they accept. */
export type InvitationOffer = {
  email: string;
  name: string;
  role: Role;
  shop_name: string;
}

/** An invitation with its link, which is never shown again. */
export type InvitationSent = {
  email: string;
  expires_at: string;
  id: number;
  name: string;
  role: Role;
  teams: Array<number>;
  url: string;
}

export type JourneyAuthor = {
  id?: number | null;
  kind: string;
  name?: string | null;
}

/** One thing that happened. What is there depends on its kind. */
export type JourneyStep = {
  at: string;
  author?: JourneyAuthor | null;
  channel?: string | null;
  data?: unknown;
  delivery?: Delivery | null;
  direction?: Direction | null;
  event?: string | null;
  id: number;
  kind: Step;
  order?: Order | null;
  pages?: Array<SeenPage> | null;
  status?: Status | null;
  subject?: string | null;
  text?: string | null;
  ticket?: number | null;
}

export type KeptDraft = {
  attachments: Array<Attachment>;
  cc: Array<string>;
  html: string;
  updated_at: string;
}

export type KeptReturnPolicy = {
  made_at?: string | null;
  made_by?: number | null;
  policy: ReturnPolicy;
  version: number;
}

/** A ticket that may be about the same, and why. */
export type Kin = {
  id: number;
  number: number;
  subject: string;
  why: string;
}

/** What a draft will become. */
export type Kind = "reply" | "note"

/** What can be found. */
export type Kind2 = "ticket" | "message" | "customer"

/** What a message about an order tells. */
export type Kind3 = "confirmed" | "shipped" | "out_for_delivery" | "delivered" | "refunded" | "thanks" | "care"

/** What a rule can decide; within one kind the first that fits does. */
export type Kind4 = "verdict" | "days" | "keep" | "fee" | "bonus" | "destination" | "methods" | "release"

export type LaidAside = {
  attempts: number;
  id: number;
  last_error?: string | null;
  name: string;
  run_at: string;
}

export type Limit = {
  currency: string;
  day?: number | null;
  kind: ActionKind;
  once?: number | null;
  role: string;
}

export type Limits = {
  data: Array<Limit>;
}

export type Line = {
  picture?: string | null;
  quantity: number;
  title: string;
  total: number;
  variant_title?: string | null;
}

export type Linked = {
  number: string;
  order: number;
  why: string;
}

/** A list that is short by nature and comes whole. */
export type Listing_for_Channel = {
  data: Array<Channel>;
}

/** A list that is short by nature and comes whole. */
export type Listing_for_Colleague = {
  data: Array<Colleague>;
}

/** A list that is short by nature and comes whole. */
export type Listing_for_CustomerAttribute = {
  data: Array<CustomerAttribute>;
}

/** A list that is short by nature and comes whole. */
export type Listing_for_Event = {
  data: Array<Event>;
}

/** A list that is short by nature and comes whole. */
export type Listing_for_Greeting = {
  data: Array<Greeting>;
}

/** A list that is short by nature and comes whole. */
export type Listing_for_Hit = {
  data: Array<Hit>;
}

/** A list that is short by nature and comes whole. */
export type Listing_for_Inbox = {
  data: Array<Inbox>;
}

/** A list that is short by nature and comes whole. */
export type Listing_for_Invitation = {
  data: Array<Invitation>;
}

/** A list that is short by nature and comes whole. */
export type Listing_for_LaidAside = {
  data: Array<LaidAside>;
}

/** A list that is short by nature and comes whole. */
export type Listing_for_Limit = {
  data: Array<Limit>;
}

/** A list that is short by nature and comes whole. */
export type Listing_for_Order = {
  data: Array<Order>;
}

/** A list that is short by nature and comes whole. */
export type Listing_for_OrderAction = {
  data: Array<OrderAction>;
}

/** A list that is short by nature and comes whole. */
export type Listing_for_OrderUpdate = {
  data: Array<OrderUpdate>;
}

/** A list that is short by nature and comes whole. */
export type Listing_for_Platform = {
  data: Array<Platform>;
}

/** A list that is short by nature and comes whole. */
export type Listing_for_Schedule = {
  data: Array<Schedule>;
}

/** A list that is short by nature and comes whole. */
export type Listing_for_Session = {
  data: Array<Session>;
}

/** A list that is short by nature and comes whole. */
export type Listing_for_Store = {
  data: Array<Store>;
}

/** A list that is short by nature and comes whole. */
export type Listing_for_StoreImport = {
  data: Array<StoreImport>;
}

/** A list that is short by nature and comes whole. */
export type Listing_for_StoreTable = {
  data: Array<StoreTable>;
}

/** A list that is short by nature and comes whole. */
export type Listing_for_Team = {
  data: Array<Team>;
}

/** A list that is short by nature and comes whole. */
export type Listing_for_Token = {
  data: Array<Token>;
}

/** A list that is short by nature and comes whole. */
export type Listing_for_View = {
  data: Array<View>;
}

/** A list that is short by nature and comes whole. */
export type Listing_for_Visitor = {
  data: Array<Visitor>;
}

/** A list that is short by nature and comes whole. */
export type Listing_for_Way = {
  data: Array<Way>;
}

/** A list that is short by nature and comes whole. */
export type Listing_for_string = {
  data: Array<string>;
}

export type Marks = {
  delivered?: number | null;
  read?: number | null;
}

export type Me = {
  chat_capacity?: number | null;
  email: string;
  id: number;
  language: string;
  name: string;
  permissions: Array<Permission>;
  prefs: unknown;
  role: Role;
  shop: ShopName;
  signature?: string | null;
}

export type MeChange = {
  language?: string | null;
  name?: string | null;
  password?: PasswordChange | null;
  prefs?: unknown;
  signature?: string | null;
}

export type Merge = {
  into: number;
}

export type Merged = {
  id: number;
  ticket: Ticket;
}

export type Message = {
  attachments: Array<Attachment>;
  author: Author;
  automatic?: string | null;
  cc: Array<Party>;
  channel: string;
  checks?: unknown;
  created_at: string;
  cut: boolean;
  delivery?: Delivery | null;
  delivery_why?: string | null;
  direction: Direction;
  entered_by?: number | null;
  from?: Party | null;
  html?: string | null;
  id: number;
  inbox?: number | null;
  joined?: string | null;
  language?: string | null;
  mentions: Array<number>;
  original?: string | null;
  quoted?: string | null;
  quoted_html?: string | null;
  read_at?: string | null;
  remote_images: number;
  reply_to?: Party | null;
  send_at?: string | null;
  sent_at?: string | null;
  signature?: string | null;
  subject?: string | null;
  text: string;
  ticket: number;
  to: Array<Party>;
  unproven: boolean;
}

/** How goods come back. */
export type Method = "label" | "qr" | "drop_off" | "own"

/** What became of what was agreed. */
export type Money = "none" | "due" | "done"

export type Named = {
  name?: string;
}

export type NamedDay = {
  date: string;
  name: string;
}

export type NewBlock = {
  value: string;
  what: Blocked;
  why?: string;
}

export type NewBody = {
  attachments?: Array<number>;
  cc?: Array<string> | null;
  channel?: Heard | null;
  direction: Direction;
  html?: string | null;
  inbox?: number | null;
  mentions?: Array<number>;
  said_at?: string | null;
  status?: Status | null;
  text?: string | null;
  to?: Array<string>;
}

export type NewCannedAnswer = {
  html?: string | null;
  language?: string | null;
  name: string;
  personal?: boolean;
  shop?: number | null;
  shortcut: string;
  team?: number | null;
  text?: string | null;
}

export type NewConsent = {
  given_at?: string | null;
  how: string;
  what: string;
}

export type NewCustomer = {
  email?: string | null;
  name?: string | null;
  phone?: string | null;
}

export type NewCustomerAttribute = {
  choices?: Array<string>;
  key: string;
  kind: AttributeKind;
  label: string;
}

export type NewGreeting = {
  active?: boolean;
  conditions?: GreetingConditions;
  every_days?: number | null;
  face?: number | null;
  name: string;
  texts: Record<string, string>;
}

/** An identity as somebody types it. */
export type NewIdentity = {
  kind: IdentityKind;
  value: string;
  verified?: boolean;
}

export type NewImport = {
  kind?: string | null;
}

/** What an inbox is made of. */
export type NewInbox = {
  address: string;
  channel: string;
  name: string;
  settings?: unknown;
  signature?: string | null;
  team?: number | null;
}

export type NewInvitation = {
  email: string;
  name?: string | null;
  role: Role;
  teams?: Array<number>;
}

export type NewPassword = {
  password: string;
}

export type NewReturnPictures = {
  uploads: Array<number>;
}

export type NewSchedule = {
  name: string;
  plan: SchedulePlan;
}

/** What a store is made of. */
export type NewStore = {
  name: string;
  platform: string;
  settings?: unknown;
}

export type NewTable = {
  name: string;
}

export type NewTeam = {
  members?: Array<number>;
  name: string;
}

export type NewTicketBody = {
  assignee?: number | null;
  attachments?: Array<number>;
  channel?: Heard | null;
  customer?: number | null;
  direction?: Direction | null;
  html?: string | null;
  inbox?: number | null;
  priority?: Priority | null;
  said_at?: string | null;
  subject: string;
  tags?: Array<string>;
  team?: number | null;
  text?: string | null;
  to?: NewCustomer | null;
}

export type NewToken = {
  name: string;
  scopes: Array<Scope>;
}

export type NewView = {
  filter: Record<string, unknown>;
  name: string;
  shared?: boolean;
}

/** An action, and what stands in its way now. */
export type Offered = {
  hindrance?: Hindrance | null;
  kind: ActionKind;
}

export type OnPage = {
  since: string;
  title: string;
  url: string;
}

/** An order in short, for lists. */
export type Order = {
  currency: string;
  id: number;
  lines: Array<Line>;
  number: string;
  placed_at: string;
  refunded: number;
  status: string;
  total: number;
}

/** Something that is done to an order. */
export type OrderAction = {
  above?: string | null;
  action: Action;
  amount: number;
  by: ActionBy;
  created_at: string;
  currency: string;
  decided_at?: string | null;
  decided_by?: number | null;
  decision_note?: string | null;
  ended_at?: string | null;
  id: number;
  order: number;
  result?: Done2 | null;
  run_at?: string | null;
  state: State;
  ticket?: number | null;
  why?: string | null;
}

/** An order whole, as it is shown beside a ticket. */
export type OrderDetail = {
  actions: Array<Offered>;
  customer?: number | null;
  deleted_at?: string | null;
  id: number;
  order: PlatformOrder;
  page_url: string;
  read_at: string;
  refundable: number;
  stale?: string | null;
  status: string;
  store: number;
  store_name: string;
}

export type OrderLine = {
  digital?: boolean;
  discount?: number;
  final_sale?: boolean;
  id?: string;
  picture?: string | null;
  price?: number;
  product?: string | null;
  quantity?: number;
  refunded?: number;
  shipped?: number;
  sku?: string | null;
  tags?: Array<string>;
  tax?: number;
  title?: string;
  total?: number;
  variant?: string | null;
  variant_title?: string | null;
}

/** Where an order as a whole stands. */
export type OrderState = "open" | "cancelled" | "closed"

/** A message about an order, as the desk shows it. */
export type OrderUpdate = {
  created_at: string;
  id: number;
  kind: Kind3;
  language: string;
  order: number;
  recipient: string;
  sent_at?: string | null;
  state: State2;
  subject: string;
  text: string;
  why?: string | null;
}

export type OrderUpdateChoice = {
  days?: number | null;
  on?: boolean;
  texts?: Record<string, OrderUpdateText>;
}

export type OrderUpdateLook = {
  draft: OrderUpdateText;
  missing: Array<string>;
  subject: string;
  text: string;
}

export type OrderUpdateSettings = {
  kinds?: Record<string, OrderUpdateChoice>;
  most_a_day?: number | null;
  platform_tells?: boolean;
  quiet?: Quiet | null;
}

/** The shop's own words for something, in one language. */
export type OrderUpdateText = {
  subject: string;
  text: string;
}

export type Outcome = {
  done: boolean;
  reference?: string | null;
}

/** What somebody gets for what they send back. */
export type Outcome2 = "refund" | "exchange" | "store_credit"

/** How the path of a page is compared. */
export type PageHow = "contains" | "begins" | "pattern"

export type Page_for_Block = {
  data: Array<Block>;
  next?: string | null;
}

export type Page_for_CannedAnswer = {
  data: Array<CannedAnswer>;
  next?: string | null;
}

export type Page_for_Card = {
  data: Array<Card>;
  next?: string | null;
}

export type Page_for_Event = {
  data: Array<Event>;
  next?: string | null;
}

export type Page_for_Held = {
  data: Array<Held>;
  next?: string | null;
}

export type Page_for_JourneyStep = {
  data: Array<JourneyStep>;
  next?: string | null;
}

export type Page_for_Message = {
  data: Array<Message>;
  next?: string | null;
}

export type Page_for_OrderAction = {
  data: Array<OrderAction>;
  next?: string | null;
}

export type Page_for_Parcel = {
  data: Array<Parcel>;
  next?: string | null;
}

export type Page_for_PrivacyRequest = {
  data: Array<PrivacyRequest>;
  next?: string | null;
}

export type Page_for_Return = {
  data: Array<Return>;
  next?: string | null;
}

export type Page_for_StoreProduct = {
  data: Array<StoreProduct>;
  next?: string | null;
}

export type Page_for_Ticket = {
  data: Array<Ticket>;
  next?: string | null;
}

export type Paging = {
  after?: string | null;
  limit?: number | null;
}

/** Money that was taken, and by what. */
export type Paid = {
  amount?: number;
  authorized?: boolean;
  gateway?: string;
  id?: string;
  label?: string | null;
  refunded?: number;
}

/** A parcel as the API shows it. */
export type Parcel = {
  cancelled: boolean;
  carrier?: string | null;
  carrier_name?: string | null;
  created_at: string;
  customer?: number | null;
  customer_name?: string | null;
  delivered_at?: string | null;
  expected_at?: string | null;
  id: number;
  last_scan_at?: string | null;
  link?: string | null;
  number?: string | null;
  order: number;
  order_number: string;
  pieces: Array<Pieces>;
  promised_at?: string | null;
  shipped_at?: string | null;
  status: Status2;
  sub_status?: SubStatus | null;
  troubles: Array<ParcelTrouble>;
  updated_at: string;
}

export type ParcelFilter = {
  after?: string | null;
  limit?: number | null;
  order?: number | null;
  reason?: Reason | null;
  troubled?: boolean | null;
}

/** Days are business days, 1 to 30; null switches a rule off. */
export type ParcelRules = {
  abroad_days?: number | null;
  exceptions?: boolean;
  home_days?: number | null;
  late?: boolean;
  pickup_days?: number | null;
  tell_shoppers?: boolean;
  texts?: Record<string, Record<string, OrderUpdateText>>;
  zone?: string | null;
}

export type ParcelRulesFind = {
  ended_at?: string | null;
  found_at: string;
  number?: string | null;
  order: number;
  reason: Reason;
  shipment: number;
}

/** What would have been found. */
export type ParcelRulesResult = {
  examples: Array<ParcelRulesFind>;
  found: Record<string, number>;
  parcels: number;
}

export type ParcelRulesTrial = {
  days?: number | null;
  rules?: ParcelRules | null;
}

/** One line of a parcel's history. */
export type ParcelScan = {
  at: string;
  place?: string | null;
  source: Source;
  status: Status2;
  sub_status?: SubStatus | null;
  text?: string | null;
}

export type ParcelTrouble = {
  dismissed_at?: string | null;
  ended_at?: string | null;
  found_at: string;
  reason: Reason;
  ticket?: number | null;
  told_at?: string | null;
}

/** A parcel as the API shows it. */
export type ParcelWithHistory = {
  cancelled: boolean;
  carrier?: string | null;
  carrier_name?: string | null;
  created_at: string;
  customer?: number | null;
  customer_name?: string | null;
  delivered_at?: string | null;
  expected_at?: string | null;
  id: number;
  last_scan_at?: string | null;
  link?: string | null;
  number?: string | null;
  order: number;
  order_number: string;
  pieces: Array<Pieces>;
  promised_at?: string | null;
  scans: Array<ParcelScan>;
  shipped_at?: string | null;
  status: Status2;
  sub_status?: SubStatus | null;
  troubles: Array<ParcelTrouble>;
  updated_at: string;
}

/** A person or mailbox on a message. */
export type Party = {
  name?: string | null;
  value: string;
}

export type PasswordChange = {
  current: string;
  new: string;
}

/** What to change; a field that is absent stays. */
export type Patch = {
  addresses?: Array<PostalAddress> | null;
  attributes?: Record<string, unknown> | null;
  language?: string | null;
  languages?: Array<string> | null;
  name?: string | null;
  note?: string | null;
  tags?: Array<string> | null;
  time_zone?: string | null;
}

/** What to change; a field that is absent stays. */
export type Patch2 = {
  assignee?: number | null;
  priority?: Priority | null;
  snoozed_until?: string | null;
  spam?: boolean | null;
  status?: Status | null;
  subject?: string | null;
  tags?: Array<string> | null;
  team?: number | null;
  version?: number | null;
}

export type PathFormat = {
  format: string;
}

export type PathId = {
  id: number;
}

export type PathIds = {
  id: number;
  other: number;
}

export type PathToken = {
  token: string;
}

/** What became of the money. */
export type Payment = "pending" | "partially_paid" | "paid" | "partially_refunded" | "refunded" | "authorized" | "voided"

/** One thing that a role or a token's scope allows. */
export type Permission = "tickets.read" | "tickets.write" | "tickets.delete" | "customers.read" | "customers.write" | "inboxes.manage" | "agents.manage" | "tokens.manage" | "shop.manage" | "stores.manage" | "orders.act" | "actions.approve" | "shipments.write" | "events.read"

export type Pick = {
  order: number;
}

export type Picture = {
  message: number;
  url: string;
}

/** Some pieces of a line. */
export type Pieces = {
  line: string;
  quantity: number;
}

export type Platform = {
  capabilities: Capabilities;
  name: string;
  settings: unknown;
}

export type PlatformOrder = {
  admin_url?: string | null;
  billing_address?: Address | null;
  buyer?: Buyer;
  cancelled_at?: string | null;
  changed_at?: string | null;
  currency?: string;
  discounts?: Array<Discount>;
  fulfilment?: Fulfilment;
  id?: string;
  language?: string | null;
  lines?: Array<OrderLine>;
  note?: string | null;
  number?: string;
  payment?: Payment;
  payments?: Array<Paid>;
  placed_at?: string | null;
  refunds?: Array<Refund>;
  risk?: Risk | null;
  shipments?: Array<Shipment>;
  shipping_address?: Address | null;
  shipping_method?: string | null;
  state?: OrderState;
  status_url?: string | null;
  tags?: Array<string>;
  totals?: Totals;
}

/** A postal address, line by line; empty where there is nothing to say. */
export type PostalAddress = {
  city?: string;
  company?: string;
  country?: string;
  extra?: string;
  label?: string;
  name?: string;
  postcode?: string;
  region?: string;
  street?: string;
}

/** How lately an agent was at the desk. */
export type Presence = "online" | "away" | "offline"

/** What an action will do, for the one who confirms it. */
export type Preview = {
  amount: number;
  changed_at?: string | null;
  charge: number;
  most: number;
  notes: Array<string>;
}

export type Priority = "low" | "normal" | "high" | "urgent"

/** A request about personal data. */
export type PrivacyRequest = {
  asked_at: string;
  customer?: number | null;
  due_at: string;
  ended_at?: string | null;
  erased: number;
  id: number;
  kind: string;
  state: Stands;
  store: number;
  ticket?: number | null;
}

export type Probed = {
  problems: Array<string>;
}

/** Problem details (RFC 9457), with `errors` for input. */
export type Problem = {
  detail: string;
  errors?: Array<FieldProblem> | null;
  status: number;
  title: string;
  type: string;
}

/** What proved that an identity is its customer's. */
export type Proof = "dmarc" | "dkim" | "spf" | "channel" | "token" | "order" | "agent"

export type Query = {
  after?: string | null;
  field?: string | null;
  limit?: number | null;
  q?: string | null;
  tag?: string | null;
}

export type Query2 = {
  fresh?: boolean;
}

export type Query3 = {
  after?: string | null;
  limit?: number | null;
  q?: string | null;
}

export type Query4 = {
  fresh?: boolean;
}

export type Query5 = {
  after?: string | null;
  limit?: number | null;
  state?: string | null;
}

export type Query6 = {
  after?: string | null;
  kinds?: string | null;
  limit?: number | null;
}

export type Quiet = {
  from: string;
  until: string;
}

export type Read = {
  message?: number | null;
}

export type Reason = "not_handed_over" | "no_news" | "late" | "exception"

/** Why two customers may be one. */
export type Reason2 = "same_name" | "similar_address" | "same_phone" | "left_address" | "same_order" | "same_domain"

export type Refund = {
  amount?: number;
  at?: string | null;
  id?: string;
  lines?: Array<Pieces>;
  note?: string | null;
}

/** Where a refund goes. */
export type RefundTo = "store_credit" | "original"

/** When the money goes back. */
export type Release = "receipt" | "inspection" | "drop_off"

/** What became of a sending. */
export type Report = {
  known: number;
  parcels: number;
  scans: number;
  unknown: Array<string>;
}

export type Return = {
  action?: number | null;
  bonus: number;
  currency: string;
  customer?: number | null;
  email?: string | null;
  expires_at?: string | null;
  fee: number;
  id: number;
  language: string;
  method?: Method | null;
  money: Money;
  money_why?: string | null;
  moved_at: string;
  name?: string | null;
  number: string;
  order: number;
  outcome: Outcome2;
  release: Release;
  requested_at: string;
  resolved_at?: string | null;
  state: State3;
  ticket?: number | null;
  why?: string | null;
  withdrawal: boolean;
  worth: number;
}

/** What a rule does, at most one of each kind. */
export type ReturnActions = {
  bonus?: ReturnBonus | null;
  days?: number | null;
  destination?: string | null;
  fee?: ReturnFee | null;
  keep?: boolean | null;
  methods?: Array<Method> | null;
  release?: Release | null;
  verdict?: Verdict | null;
  words?: Record<string, string>;
}

/** One step on the way to a decision. */
export type ReturnBecause = {
  kind: Kind4;
  rule?: string | null;
  why: Why;
}

export type ReturnBonus = {
  amount?: number;
  percent?: number;
}

/** All that is said must be so; what is not said may be anything. A list is fulfilled by any of its entries. */
export type ReturnConditions = {
  countries?: Array<string>;
  customer_tags?: Array<string>;
  customer_value?: ReturnRange;
  digital?: boolean | null;
  discount_codes?: Array<string>;
  discounted?: boolean | null;
  final_sale?: boolean | null;
  order_age?: ReturnRange;
  order_tags?: Array<string>;
  order_value?: ReturnRange;
  outcomes?: Array<Outcome2>;
  price?: ReturnRange;
  product_tags?: Array<string>;
  quantity?: ReturnRange;
  reasons?: Array<string>;
  returns?: ReturnRange;
  skus?: Array<string>;
}

export type ReturnDecision = {
  offers: Array<ReturnOffer>;
  right: WithdrawalRight;
}

export type ReturnDestination = {
  lines: Array<string>;
  name: string;
}

/** A return with all that belongs to it. */
export type ReturnDetail = {
  action?: number | null;
  amount: number;
  bonus: number;
  currency: string;
  customer?: number | null;
  email?: string | null;
  expires_at?: string | null;
  fee: number;
  id: number;
  language: string;
  lines: Array<ReturnLine>;
  method?: Method | null;
  money: Money;
  money_why?: string | null;
  moved_at: string;
  name?: string | null;
  next: Array<State3>;
  number: string;
  order: number;
  order_number: string;
  outcome: Outcome2;
  pictures: Array<ReturnPicture>;
  policy_version: number;
  release: Release;
  requested_at: string;
  resolved_at?: string | null;
  state: State3;
  ticket?: number | null;
  why?: string | null;
  withdrawal: boolean;
  worth: number;
}

export type ReturnFee = {
  amount?: number;
  for: FeeFor;
  percent?: number;
}

/** Pieces of one line of the order. */
export type ReturnLine = {
  cheaper: number;
  comment?: string | null;
  condition?: Condition | null;
  id: number;
  line: string;
  note?: string | null;
  offer: ReturnOffer;
  picture?: string | null;
  quantity: number;
  reason: string;
  received: number;
  restock: boolean;
  sku?: string | null;
  title: string;
  variant_title?: string | null;
  wished?: Wished | null;
  worth: number;
}

/** What becomes of one outcome. */
export type ReturnOffer = {
  because: Array<ReturnBecause>;
  bonus: ReturnBonus;
  destination?: string | null;
  fee?: ReturnFee | null;
  keep: boolean;
  methods: Array<Method>;
  outcome: Outcome2;
  release: Release;
  until?: string | null;
  verdict: Verdict;
  words: Record<string, string>;
}

export type ReturnPicture = {
  from_warehouse: boolean;
  id: number;
  name: string;
}

export type ReturnPolicy = {
  currency: string;
  destinations?: Array<ReturnDestination>;
  methods?: Array<Method>;
  other_products?: boolean;
  reasons?: Array<ReturnReason>;
  release?: Release;
  rules?: Array<ReturnRule>;
  send_within?: number;
  windows: Array<ReturnWindow>;
  withdrawal?: ReturnWithdrawal;
  zone?: string | null;
}

/** A heading and what stands under it. */
export type ReturnPolicyPart = {
  lines: Array<string>;
  title: string;
}

export type ReturnPolicyReading = {
  language: string;
  policy: ReturnPolicy;
}

/** What would be decided now, if one piece of each line were to come back. */
export type ReturnPolicyResult = {
  country: string;
  currency: string;
  delivered_at?: string | null;
  lines: Array<ReturnPolicyResultLine>;
  number: string;
  order: number;
  placed_at: string;
}

export type ReturnPolicyResultLine = {
  decision: ReturnDecision;
  left: number;
  line: string;
  quantity: number;
  title: string;
  variant_title?: string | null;
}

export type ReturnPolicyTrial = {
  order?: string | null;
  policy: ReturnPolicy;
  reason: string;
}

export type ReturnPolicyWords = {
  language: string;
  parts: Array<ReturnPolicyPart>;
}

export type ReturnQuery = {
  after?: string | null;
  limit?: number | null;
  number?: string | null;
  order?: number | null;
  state?: State3 | null;
  ticket?: number | null;
}

export type ReturnRange = {
  at_least?: number | null;
  at_most?: number | null;
}

export type ReturnReason = {
  id: string;
  photos?: boolean;
  words?: Record<string, string>;
}

export type ReturnReceipt = {
  lines: Array<ArrivedReturnLine>;
}

export type ReturnRefusal = {
  why: string;
}

export type ReturnRule = {
  name: string;
  then: ReturnActions;
  when?: ReturnConditions;
}

/** Days in which an outcome can be asked for. */
export type ReturnWindow = {
  countries?: Array<string>;
  days: number;
  outcomes?: Array<Outcome2>;
  since: Since3;
}

/** What the law of the European Union leaves to the shop. */
export type ReturnWithdrawal = {
  business_tags?: Array<string>;
  days?: number;
  digital_begun?: Array<string>;
  made_to_order?: Array<string>;
  perishable?: Array<string>;
  sealed?: Array<string>;
}

/** How likely it is that the order is fraud, in the platform's judgement. */
export type Risk = "low" | "medium" | "high"

/** A set of permissions by name. What only an owner may do is not a permission but a rule: see [`super::change`]. */
export type Role = "owner" | "admin" | "lead" | "agent" | "viewer"

export type Said = {
  state: Doing;
}

export type Say = {
  files?: Array<number>;
  greeting?: WidgetGreetingAnswered | null;
  id: string;
  text?: string;
}

/** One line of a parcel's history. */
export type Scan = {
  at?: string | null;
  place?: string | null;
  status?: string;
  text?: string | null;
}

export type Schedule = {
  id: number;
  name: string;
  plan: SchedulePlan;
  valid_from: string;
  version: number;
}

export type ScheduleDay = {
  date: string;
  name?: string;
  periods?: Array<SchedulePeriod>;
}

export type SchedulePeriod = {
  from: string;
  until: string;
}

export type SchedulePlan = {
  days?: Array<ScheduleDay>;
  holidays?: HolidayRegion | null;
  week: Array<Array<SchedulePeriod>>;
  zone: string;
}

export type SchedulePreview = {
  changes_at?: string | null;
  days: Array<SchedulePreviewDay>;
  open: boolean;
}

export type SchedulePreviewDay = {
  by: string;
  date: string;
  name?: string | null;
  periods: Array<SchedulePreviewPeriod>;
}

export type SchedulePreviewPeriod = {
  from: string;
  until: string;
}

export type SchedulePreviewWanted = {
  days?: number | null;
  plan: SchedulePlan;
}

/** What a token is for. */
export type Scope = "read" | "write" | "admin" | "orders" | "carriers"

/** A page that somebody saw. */
export type SeenPage = {
  at: string;
  seconds: number;
  title: string;
  url: string;
}

export type Session = {
  created_at: string;
  current: boolean;
  id: number;
  ip: string;
  last_seen_at: string;
  user_agent: string;
}

export type SetupState = {
  needed: boolean;
}

/** Goods on their way: one parcel, or several under one number. */
export type Shipment = {
  cancelled?: boolean;
  carrier?: string | null;
  delivered_at?: string | null;
  expected_at?: string | null;
  id?: string;
  number?: string | null;
  pieces?: Array<Pieces>;
  scans?: Array<Scan>;
  shipped_at?: string | null;
  url?: string | null;
}

export type Shop = {
  address: string;
  address_forms: Record<string, AddressForm>;
  country?: string | null;
  currency: string;
  greeting: Record<string, string>;
  id: number;
  join_conversations: boolean;
  language: string;
  name: string;
  page_days: number;
  reopen_days: number;
  signature?: string | null;
  tier_attribute?: string | null;
  tier_tags: Array<string>;
  time_zone?: string | null;
  tone?: string | null;
  undo_seconds: number;
}

export type ShopChange = {
  address?: string | null;
  address_forms?: Record<string, AddressForm> | null;
  country?: string | null;
  currency?: string | null;
  greeting?: Record<string, string> | null;
  join_conversations?: boolean | null;
  language?: string | null;
  name?: string | null;
  page_days?: number | null;
  reopen_days?: number | null;
  signature?: string | null;
  tier_attribute?: string | null;
  tier_tags?: Array<string> | null;
  time_zone?: string | null;
  tone?: string | null;
  undo_seconds?: number | null;
}

export type ShopName = {
  id: number;
  name: string;
}

export type ShopperChange = {
  allowed?: boolean;
  minutes?: number | null;
}

/** What shoppers may have done before anything is packed, from the page of their order. */
export type ShopperChanges = {
  abroad?: boolean;
  address?: ShopperChange;
  cancel?: ShopperChange;
}

/** When it may be shown. */
export type ShownWhen = "always" | "open" | "staffed"

export type Since = {
  after?: number | null;
  limit?: number | null;
}

export type Since2 = {
  seq?: number | null;
}

/** From when a window is counted. */
export type Since3 = "order" | "shipment" | "delivery"

export type Snooze = {
  until: string;
}

/** Who told us. */
export type Source = "platform" | "news"

export type Split = {
  messages: Array<number>;
  subject?: string | null;
}

export type SplitDone = {
  id: number;
  ticket: Ticket;
}

export type Stands = "open" | "done" | "kept"

export type State = "done" | "declined" | "withdrawn" | "awaiting_approval" | "queued" | "running" | "refused" | "unsure"

export type State2 = "queued" | "sending" | "sent" | "refused" | "unsure"

/** Where a return stands. */
export type State3 = "declined" | "in_transit" | "received" | "inspected" | "requested" | "approved" | "label_sent" | "resolved" | "expired" | "cancelled"

/** Whose step is next. */
export type Status = "solved" | "new" | "open" | "pending" | "on_hold" | "closed"

/** Where a parcel stands. */
export type Status2 = "in_transit" | "out_for_delivery" | "delivered" | "pending" | "info_received" | "attempted" | "available_for_pickup" | "exception" | "expired"

/** What a step of a journey is. */
export type Step = "note" | "order" | "message" | "ticket" | "visit" | "pages" | "event"

export type Store = {
  active: boolean;
  address: string;
  answers: boolean;
  currency?: string | null;
  forged: number;
  health: Health2;
  id: number;
  import?: StoreImport | null;
  name: string;
  platform: string;
  settings: unknown;
  up_to?: string | null;
}

/** How far reading has got. */
export type StoreImport = {
  customers: number;
  ended_at?: string | null;
  id: number;
  kind: string;
  moved_at: string;
  orders: number;
  products: number;
  reading?: string | null;
  started_at: string;
  state: string;
  total?: number | null;
  why?: string | null;
}

export type StoreInstallation = {
  url: string;
}

export type StorePatch = {
  active?: boolean | null;
  name?: string | null;
  settings?: unknown;
}

/** Something that a store sells, as it told of it last. */
export type StoreProduct = {
  id: string;
  picture?: string | null;
  read_at: string;
  title: string;
  url?: string | null;
  variants: Array<Variant>;
}

/** A table as it is shown to those who bring it. */
export type StoreTable = {
  bytes: number;
  columns: Array<string>;
  created_at: string;
  ended_at?: string | null;
  fault_count: number;
  faults: Array<TableFault>;
  id: number;
  kept: number;
  leave_out: boolean;
  left_out: number;
  name: string;
  part: number;
  plan: TablePlan;
  rows: number;
  state: string;
  store: number;
  taken: number;
  things: number;
  why?: string | null;
  wrong: number;
}

/** What it is in particular. Each belongs to one status: see [`SubStatus::status`]. */
export type SubStatus = "label_made" | "handed_over" | "arrived" | "departed" | "at_customs" | "through_customs" | "nobody_home" | "no_access" | "to_recipient" | "to_neighbour" | "left_safely" | "in_mailbox" | "collected" | "at_shop" | "in_locker" | "delayed" | "address_wrong" | "held_by_customs" | "damaged" | "lost" | "refused" | "not_collected" | "going_back" | "back_at_sender" | "cancelled"

/** One thing that is wrong, and where. */
export type TableFault = {
  column?: string | null;
  field?: string | null;
  flaw: Flaw;
  line: number;
  value?: string | null;
}

export type TableField = {
  each: boolean;
  key: string;
}

export type TableImport = {
  leave_out?: boolean;
}

/** How a table is to be read. */
export type TablePlan = {
  columns: Record<string, string>;
  currency?: string | null;
  dates: Dates;
  decimals: Decimals;
  delimiter: Delimiter;
  encoding: Encoding;
  holds: Holds;
  zone: string;
}

/** How a table would be read. */
export type TablePreview = {
  columns: Array<string>;
  faults: Array<TableFault>;
  fields: Array<TableField>;
  needed: Array<Array<string>>;
  plan: TablePlan;
  rows: Array<TableRow>;
}

export type TableRow = {
  cells: Record<string, unknown>;
  line: number;
}

/** What somebody wants of a plan; the rest is guessed. */
export type TableWish = {
  columns?: Record<string, string> | null;
  currency?: string | null;
  dates?: Dates | null;
  decimals?: Decimals | null;
  delimiter?: Delimiter | null;
  encoding?: Encoding | null;
  holds?: Holds | null;
}

/** What may be sent, for pages to say before anybody tries. */
export type Taken = {
  max_bytes: number;
  types: Array<string>;
}

export type Team = {
  id: number;
  members: Array<number>;
  name: string;
}

export type TeamChange = {
  members?: Array<number> | null;
  name?: string | null;
}

export type TeamHours = {
  schedule: number;
  team: number;
}

/** What is looked at. */
export type TextTrialForKind = {
  kind: Kind3;
  language: string;
  order?: string | null;
  text?: OrderUpdateText | null;
}

/** What is looked at. */
export type TextTrialForReason = {
  kind: Reason;
  language: string;
  order?: string | null;
  text?: OrderUpdateText | null;
}

/** A ticket as the API shows it. Times are RFC 3339 in UTC with milliseconds. */
export type Ticket = {
  assignee?: number | null;
  blocked: boolean;
  channel: string;
  channels: Array<string>;
  created_at: string;
  customer: CustomerName;
  follows?: number | null;
  id: number;
  inbox?: number | null;
  kin?: Array<Kin> | null;
  language?: string | null;
  last_message_at: string;
  merged_into?: number | null;
  messages: number;
  number: number;
  priority: Priority;
  snippet: string;
  snoozed_until?: string | null;
  spam: boolean;
  status: Status;
  subject: string;
  tags: Array<string>;
  team?: number | null;
  unread: boolean;
  updated_at: string;
  version: number;
  waiting_since?: string | null;
}

export type Token = {
  agent?: number | null;
  created_at: string;
  id: number;
  last_used_at?: string | null;
  name: string;
  scopes: Array<Scope>;
}

/** A token with its secret, which is never shown again. */
export type TokenShown = {
  agent?: number | null;
  created_at: string;
  id: number;
  last_used_at?: string | null;
  name: string;
  scopes: Array<Scope>;
  token: string;
}

export type Totals = {
  discount?: number;
  lines?: number;
  paid?: number;
  refunded?: number;
  shipping?: number;
  tax?: number;
  total?: number;
}

export type TrackingPage = {
  active?: boolean;
  by_code?: boolean;
  by_postcode?: boolean;
  colour?: string;
}

export type Transfer = {
  assignee?: number | null;
  note: string;
  team?: number | null;
}

export type Undone = {
  changed: number;
}

export type Upload = {
  name: string;
}

export type Variant = {
  currency?: string;
  id?: string;
  options?: Record<string, string>;
  picture?: string | null;
  price?: number;
  sku?: string | null;
  stock?: number | null;
  title?: string;
}

export type Verdict = "approve" | "reject" | "review"

export type View = {
  filter: Record<string, unknown>;
  id: number;
  mine: boolean;
  name: string;
  shared: boolean;
}

export type ViewPatch = {
  filter?: Record<string, unknown> | null;
  name?: string | null;
  shared?: boolean | null;
}

/** A visitor who is on the shop's pages. */
export type Visitor = {
  cart?: InCart | null;
  customer?: number | null;
  id: number;
  inbox: number;
  language?: string | null;
  name?: string | null;
  page: OnPage;
  since: string;
  ticket?: number | null;
  visitor: string;
}

export type Wanted = {
  after?: string | null;
  language?: string | null;
  limit?: number | null;
  q?: string;
}

/** What is asked for. */
export type Wanted2 = {
  action: Action;
  seen?: number | null;
  ticket?: number | null;
}

export type Wanted3 = {
  email?: string | null;
}

/** One way to answer. */
export type Way = {
  abilities: WayAbilities;
  blocked?: Blocked2 | null;
  cc: Array<Party>;
  channel: string;
  closes_at?: string | null;
  greeting?: string | null;
  here?: boolean | null;
  inbox: number;
  name: string;
  to?: Party | null;
  usual: boolean;
}

export type WayAbilities = {
  attachments: boolean;
  conversational: boolean;
  copies: boolean;
  file_types: Array<string>;
  html: boolean;
  max_bytes: number;
  max_files: number;
  max_text?: number | null;
  subject: boolean;
}

export type Which = {
  kind?: Kind;
}

export type Which2 = {
  state?: string | null;
}

export type WhichPage = {
  cart?: Cart | null;
  seconds?: number;
  title?: string;
  url: string;
}

export type Why = "rule" | "final_sale" | "digital" | "window_over" | "not_shipped" | "not_offered" | "delivery_unknown" | "other_currency" | "right" | "perhaps_right"

export type Widget = {
  answers: Answers;
  faces: Array<Face>;
  files: Taken;
  language: string;
  look: unknown;
  questions: Array<WidgetQuestion>;
  shop: string;
}

/** A file on a line, as its visitor sees it. */
export type WidgetFile = {
  id: number;
  name: string;
  picture: boolean;
  size: number;
  type: string;
}

export type WidgetGreetingAllowed = {
  show: boolean;
}

/** Which greeting a visitor answers with their first words. */
export type WidgetGreetingAnswered = {
  id: number;
  language: string;
}

export type WidgetGreetingWanted = {
  greeting: number;
}

/** One line of a conversation, as its visitor sees it. */
export type WidgetLine = {
  at: string;
  author: string;
  by_mail: boolean;
  files: Array<WidgetFile>;
  id?: string | null;
  name?: string | null;
  place: number;
  text: string;
}

export type WidgetQuestion = {
  choices: Array<string>;
  key: string;
  kind: string;
  label: string;
  required: boolean;
}

/** What to look for. */
export type Wish = {
  kind?: string | null;
  limit?: number | null;
  q: string;
  spam?: boolean | null;
}

/** What somebody gets in an exchange. */
export type Wished = {
  product: string;
  quantity: number;
  variant: string;
}

export type WithdrawalRight = {
  holds: Holds2;
  until?: string | null;
  why?: Exception | null;
}

/** What a customer has bought, in one currency. */
export type Worth = {
  currency: string;
  orders: number;
  refunded: number;
  value: number;
}
