//! Everything that can happen, in one list: name, data, whom it concerns. The websocket, search, the API page and later
//! webhooks, rules and reports are typed by it.

use std::collections::BTreeMap;

use base::{Fact, Stamp};
use connectors::{action::ActionKind, platform::PrivacyKind};
use serde::Serialize;
use serde_json::Value;

use crate::{
    actions::ActionId,
    agents::{AgentId, TeamId},
    customers::{CustomerId, IdentityId},
    greetings::GreetingId,
    hours::ScheduleId,
    inboxes::InboxId,
    messages::MessageId,
    orders::OrderId,
    returns::ReturnId,
    shipments::ShipmentId,
    stores::StoreId,
    tickets::TicketId,
    updates::UpdateId,
    visits::VisitId,
};

/// One field's change.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    pub from: Value,
    pub to: Value,
}

/// What went from one customer to another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Moved {
    pub identities: Vec<IdentityId>,
    pub tickets: i64,
    pub messages: i64,
    pub orders: i64,
}

/// Who may hear of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Every agent who may read tickets.
    Desk,
    /// Those who may manage what it speaks of.
    Managers,
}

#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum Event {
    TicketCreated {
        ticket: TicketId,
        subject: String,
        status: String,
        priority: String,
        channel: String,
        inbox: Option<InboxId>,
        customer: CustomerId,
        assignee: Option<AgentId>,
        team: Option<TeamId>,
        tags: Vec<String>,
        follows: Option<TicketId>,
        /// How it came to be, such as `new_message`, `past_reopen_window`, `split`.
        why: String,
    },
    /// Fields by name with their old and new values.
    TicketChanged {
        ticket: TicketId,
        changes: BTreeMap<&'static str, Change>,
    },
    TicketSnoozed {
        ticket: TicketId,
        until: Stamp,
    },
    TicketWoken {
        ticket: TicketId,
        why: &'static str,
    },
    TicketReopened {
        ticket: TicketId,
        why: &'static str,
    },
    TicketMerged {
        ticket: TicketId,
        into: TicketId,
        merge: i64,
    },
    TicketMergeUndone {
        ticket: TicketId,
        from: TicketId,
        merge: i64,
    },
    /// The other side of a merge: what was said in `from` stands here from now on.
    TicketTookOver {
        ticket: TicketId,
        from: TicketId,
        merge: i64,
    },
    /// The other side of an undone merge: it went back there.
    TicketGaveBack {
        ticket: TicketId,
        to: TicketId,
        merge: i64,
    },
    TicketSplit {
        ticket: TicketId,
        into: TicketId,
        split: i64,
        messages: Vec<MessageId>,
    },
    TicketSplitUndone {
        ticket: TicketId,
        from: TicketId,
        split: i64,
    },
    MessageReceived {
        ticket: TicketId,
        customer: CustomerId,
        message: MessageId,
        direction: String,
        snippet: String,
        /// Why it joined this ticket: `token`, `references`, `conversation`, `new`, …
        why: String,
        automatic: Option<String>,
    },
    MessageQueued {
        ticket: TicketId,
        message: MessageId,
        send_at: Option<Stamp>,
        snippet: String,
    },
    MessageWithdrawn {
        ticket: TicketId,
        message: MessageId,
    },
    MessageSent {
        ticket: TicketId,
        message: MessageId,
    },
    /// It is where its reader reads.
    MessageDelivered {
        ticket: TicketId,
        message: MessageId,
    },
    MessageRefused {
        ticket: TicketId,
        message: MessageId,
        why: String,
    },
    MessageBounced {
        ticket: TicketId,
        message: MessageId,
        why: String,
        hard: bool,
    },
    MessageRetried {
        ticket: TicketId,
        message: MessageId,
    },
    /// Its reader has seen it.
    MessageRead {
        ticket: TicketId,
        message: MessageId,
    },
    /// The visitor says that they are done.
    VisitEnded {
        ticket: Option<TicketId>,
        visit: VisitId,
    },
    /// The visitor can no longer be written to.
    VisitDeleted {
        ticket: Option<TicketId>,
        visit: VisitId,
    },
    NoteAdded {
        ticket: TicketId,
        message: MessageId,
        mentions: Vec<AgentId>,
        snippet: String,
    },
    CustomerCreated {
        customer: CustomerId,
        name: String,
    },
    CustomerChanged {
        customer: CustomerId,
        changes: BTreeMap<&'static str, Change>,
    },
    /// Nothing is known of them any more.
    CustomerErased {
        customer: CustomerId,
    },
    /// `into` stands for `customer` from now on. Each ticket that moved tells of it with an event of its own.
    CustomerMerged {
        customer: CustomerId,
        into: CustomerId,
        merge: i64,
        moved: Moved,
    },
    CustomerMergeUndone {
        customer: CustomerId,
        from: CustomerId,
        merge: i64,
        moved: Moved,
    },
    /// Some identities of `customer` are a new one's, `into`.
    CustomerSplit {
        customer: CustomerId,
        into: CustomerId,
        split: i64,
        moved: Moved,
    },
    CustomerSplitUndone {
        customer: CustomerId,
        from: CustomerId,
        split: i64,
        moved: Moved,
    },
    /// Whether somebody said that they are not the same person.
    CustomerToldApart {
        customer: CustomerId,
        other: CustomerId,
        apart: bool,
    },
    ConsentGiven {
        customer: CustomerId,
        consent: i64,
        what: String,
    },
    ConsentWithdrawn {
        customer: CustomerId,
        consent: i64,
        what: String,
    },
    /// What `value` sends is kept from the lists; whose it is where somebody has it.
    BlockAdded {
        what: String,
        value: String,
        customer: Option<CustomerId>,
    },
    BlockRemoved {
        what: String,
        value: String,
        customer: Option<CustomerId>,
    },
    /// Made, changed, moved among the others or removed.
    GreetingChanged {
        greeting: GreetingId,
        inbox: InboxId,
    },
    /// A visitor answers it: it is the first thing said in their ticket.
    GreetingAnswered {
        ticket: TicketId,
        greeting: GreetingId,
        message: MessageId,
        name: String,
    },
    InboxCreated {
        inbox: InboxId,
        name: String,
    },
    InboxChanged {
        inbox: InboxId,
    },
    InboxFailing {
        inbox: InboxId,
        why: String,
    },
    InboxRecovered {
        inbox: InboxId,
    },
    QuarantineAdded {
        inbox: InboxId,
        arrival: i64,
        why: String,
    },
    QuarantineRetried {
        inbox: InboxId,
        arrival: i64,
    },
    QuarantineDropped {
        inbox: InboxId,
        arrival: i64,
    },
    AgentJoined {
        agent: AgentId,
        name: String,
        role: String,
    },
    AgentChanged {
        agent: AgentId,
        changes: BTreeMap<&'static str, Change>,
    },
    AgentInvited {
        email: String,
        role: String,
    },
    AgentSignedIn {
        agent: AgentId,
        ip: String,
    },
    SessionRevoked {
        agent: AgentId,
    },
    PasswordChanged {
        agent: AgentId,
    },
    TokenCreated {
        token: i64,
        name: String,
        scopes: Vec<String>,
    },
    TokenRevoked {
        token: i64,
    },
    TeamChanged {
        team: TeamId,
        name: String,
    },
    TeamDeleted {
        team: TeamId,
    },
    ShopChanged {
        changes: BTreeMap<&'static str, Change>,
    },
    ViewChanged {
        view: i64,
    },
    ViewDeleted {
        view: i64,
    },
    /// Its name where it is shared; of one's own nobody else hears more than that there is one.
    CannedAnswerCreated {
        answer: i64,
        name: Option<String>,
    },
    CannedAnswerChanged {
        answer: i64,
        changes: BTreeMap<&'static str, Change>,
    },
    CannedAnswerDeleted {
        answer: i64,
        name: Option<String>,
    },
    StoreConnected {
        store: StoreId,
        name: String,
    },
    StoreChanged {
        store: StoreId,
    },
    StoreDisconnected {
        store: StoreId,
        why: String,
    },
    StoreFailing {
        store: StoreId,
        why: String,
    },
    StoreRecovered {
        store: StoreId,
    },
    /// All that there was, or all that had changed, has been read.
    StoreImported {
        store: StoreId,
        import: i64,
        orders: i64,
        customers: i64,
        products: i64,
    },
    /// A file with customers, products, orders or parcels was taken in.
    StoreTableImported {
        store: StoreId,
        table: i64,
        holds: String,
        taken: i64,
        left_out: i64,
    },
    /// A call of the store could not be taken in.
    StoreCallFailed {
        store: StoreId,
        call: i64,
        why: String,
    },
    /// Somebody asks through the store for their data (`access`), to be forgotten (`erasure`), or the store does for all of
    /// its buyers (`store`).
    PrivacyRequested {
        id: i64,
        store: StoreId,
        customer: Option<CustomerId>,
        request: PrivacyKind,
        /// The store's ids of the orders that it is about; empty where it is about all.
        orders: Vec<String>,
    },
    /// What was asked for is done (`done`), or was not because the store is connected again (`kept`).
    PrivacyAnswered {
        id: i64,
        store: StoreId,
        request: PrivacyKind,
        state: String,
        /// Of how many orders the person was erased.
        orders: i64,
    },
    OrderPlaced {
        order: OrderId,
        store: StoreId,
        customer: Option<CustomerId>,
        number: String,
        total: i64,
        currency: String,
    },
    OrderChanged {
        order: OrderId,
        store: StoreId,
        customer: Option<CustomerId>,
        number: String,
        changes: BTreeMap<&'static str, Change>,
    },
    OrderDeleted {
        order: OrderId,
        store: StoreId,
    },
    /// The order that a ticket is about; none says that it is about none any more.
    TicketOrderLinked {
        ticket: TicketId,
        order: Option<OrderId>,
        number: Option<String>,
        /// `picked`, `number` (it stands in what the shopper wrote), `page` (they wrote on its page), `parcel` (we wrote about its
        /// parcel).
        why: String,
    },
    /// Something is to be done to an order: in a moment, or once a lead approves.
    ActionRequested {
        action: ActionId,
        order: OrderId,
        ticket: Option<TicketId>,
        customer: Option<CustomerId>,
        what: ActionKind,
        amount: i64,
        currency: String,
        /// Why it needs approval.
        above: Option<String>,
    },
    ActionDecided {
        action: ActionId,
        order: OrderId,
        ticket: Option<TicketId>,
        approved: bool,
        note: Option<String>,
    },
    ActionWithdrawn {
        action: ActionId,
        order: OrderId,
        ticket: Option<TicketId>,
    },
    ActionDone {
        action: ActionId,
        order: OrderId,
        ticket: Option<TicketId>,
        customer: Option<CustomerId>,
        what: ActionKind,
        amount: i64,
        currency: String,
        reference: Option<String>,
    },
    ActionRefused {
        action: ActionId,
        order: OrderId,
        ticket: Option<TicketId>,
        what: ActionKind,
        why: String,
    },
    /// Nobody knows whether it was done: somebody has to look at the platform.
    ActionUnsure {
        action: ActionId,
        order: OrderId,
        ticket: Option<TicketId>,
        what: ActionKind,
        why: String,
    },
    /// A message about an order: what it told, and whether it was `sent`, `refused` or nobody knows (`unsure`).
    OrderUpdateSent {
        update: UpdateId,
        order: OrderId,
        customer: Option<CustomerId>,
        told: String,
        state: String,
    },
    /// The kinds of messages about orders that are sent from now on.
    OrderUpdatesChanged {
        on: Vec<String>,
    },
    /// How much each role may give away by itself.
    AuthorityChanged {
        limits: i64,
    },
    ShipmentCreated {
        shipment: ShipmentId,
        order: OrderId,
        customer: Option<CustomerId>,
        status: String,
    },
    /// Fields by name (`status`, `sub_status`, `expected_at`, …) with their old and new values.
    ShipmentChanged {
        shipment: ShipmentId,
        order: OrderId,
        customer: Option<CustomerId>,
        changes: BTreeMap<&'static str, Change>,
    },
    /// It is stuck, late or lost: `not_handed_over`, `no_news`, `late`, `exception`. The ticket is where the shopper was told.
    ShipmentTroubled {
        shipment: ShipmentId,
        order: OrderId,
        customer: Option<CustomerId>,
        reason: String,
        ticket: Option<TicketId>,
    },
    ShipmentTroubleEnded {
        shipment: ShipmentId,
        order: OrderId,
        customer: Option<CustomerId>,
        reason: String,
    },
    ReturnRequested {
        #[serde(rename = "return")]
        id: ReturnId,
        ticket: Option<TicketId>,
        customer: Option<CustomerId>,
        number: String,
        order: String,
        outcome: String,
        /// The law gives it: they withdrew from the contract.
        withdrawal: bool,
    },
    /// It stands somewhere else now: `approved`, `declined`, `label_sent`, `in_transit`, `received`, `inspected`,
    /// `resolved`, `expired`, `cancelled`.
    ReturnMoved {
        #[serde(rename = "return")]
        id: ReturnId,
        ticket: Option<TicketId>,
        customer: Option<CustomerId>,
        number: String,
        from: String,
        to: String,
        why: Option<String>,
    },
    /// The shopper was reminded to hand it in.
    ReturnReminded {
        #[serde(rename = "return")]
        id: ReturnId,
        ticket: Option<TicketId>,
        customer: Option<CustomerId>,
        number: String,
    },
    /// What was agreed is to be given now.
    ReturnDue {
        #[serde(rename = "return")]
        id: ReturnId,
        ticket: Option<TicketId>,
        customer: Option<CustomerId>,
        number: String,
        outcome: String,
        amount: i64,
        currency: String,
    },
    ReturnPolicyChanged {
        version: i64,
    },
    /// A schedule was made or says something else from now on.
    ScheduleChanged {
        schedule: ScheduleId,
        name: String,
        version: i64,
    },
    ScheduleDeleted {
        schedule: ScheduleId,
    },
    /// Who goes by which schedule from now on: the shop (null: always open), and teams with one of their own.
    HoursChanged {
        shop: Option<ScheduleId>,
        teams: BTreeMap<i64, ScheduleId>,
    },
}

/// What an agent's other screens are told, and no log keeps: it happens all day long and concerns nobody else.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind")]
pub enum Whisper {
    /// Read up to this message; none says that the ticket is unread again.
    #[serde(rename = "ticket.read")]
    TicketRead { ticket: TicketId, message: Option<MessageId> },
    /// A draft of this kind (`reply`, `note`) was kept or dropped.
    #[serde(rename = "draft.saved")]
    DraftSaved { ticket: TicketId, draft: String },
    /// The shopper is writing; it holds for some seconds.
    #[serde(rename = "visitor.typing")]
    VisitorTyping {
        ticket: TicketId,
        /// What they have typed so far, where the inbox shows it; kept nowhere.
        #[serde(skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
}

macro_rules! catalogue {
    ($($variant:ident = $kind:literal to $audience:ident),* $(,)?) => {
        impl Event {
            /// Every kind with its audience, for documents and for the websocket.
            pub const KINDS: &'static [(&'static str, Audience)] = &[$(($kind, Audience::$audience)),*];

            fn name(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $kind),* }
            }
        }
    };
}
catalogue! {
    TicketCreated = "ticket.created" to Desk,
    TicketChanged = "ticket.changed" to Desk,
    TicketSnoozed = "ticket.snoozed" to Desk,
    TicketWoken = "ticket.woken" to Desk,
    TicketReopened = "ticket.reopened" to Desk,
    TicketMerged = "ticket.merged" to Desk,
    TicketMergeUndone = "ticket.merge_undone" to Desk,
    TicketTookOver = "ticket.took_over" to Desk,
    TicketGaveBack = "ticket.gave_back" to Desk,
    TicketSplit = "ticket.split" to Desk,
    TicketSplitUndone = "ticket.split_undone" to Desk,
    MessageReceived = "message.received" to Desk,
    MessageQueued = "message.queued" to Desk,
    MessageWithdrawn = "message.withdrawn" to Desk,
    MessageSent = "message.sent" to Desk,
    MessageDelivered = "message.delivered" to Desk,
    MessageRefused = "message.refused" to Desk,
    MessageBounced = "message.bounced" to Desk,
    MessageRetried = "message.retried" to Desk,
    MessageRead = "message.read" to Desk,
    VisitEnded = "visit.ended" to Desk,
    VisitDeleted = "visit.deleted" to Desk,
    NoteAdded = "note.added" to Desk,
    CustomerCreated = "customer.created" to Desk,
    CustomerChanged = "customer.changed" to Desk,
    CustomerErased = "customer.erased" to Desk,
    CustomerMerged = "customer.merged" to Desk,
    CustomerMergeUndone = "customer.merge_undone" to Desk,
    CustomerSplit = "customer.split" to Desk,
    CustomerSplitUndone = "customer.split_undone" to Desk,
    CustomerToldApart = "customer.told_apart" to Desk,
    ConsentGiven = "customer.consent_given" to Desk,
    ConsentWithdrawn = "customer.consent_withdrawn" to Desk,
    BlockAdded = "block.added" to Desk,
    BlockRemoved = "block.removed" to Desk,
    GreetingChanged = "greeting.changed" to Desk,
    GreetingAnswered = "greeting.answered" to Desk,
    InboxCreated = "inbox.created" to Desk,
    InboxChanged = "inbox.changed" to Desk,
    InboxFailing = "inbox.failing" to Desk,
    InboxRecovered = "inbox.recovered" to Desk,
    QuarantineAdded = "quarantine.added" to Desk,
    QuarantineRetried = "quarantine.retried" to Managers,
    QuarantineDropped = "quarantine.dropped" to Managers,
    AgentJoined = "agent.joined" to Desk,
    AgentChanged = "agent.changed" to Desk,
    AgentInvited = "agent.invited" to Managers,
    AgentSignedIn = "agent.signed_in" to Managers,
    SessionRevoked = "session.revoked" to Managers,
    PasswordChanged = "password.changed" to Managers,
    TokenCreated = "token.created" to Managers,
    TokenRevoked = "token.revoked" to Managers,
    TeamChanged = "team.changed" to Desk,
    TeamDeleted = "team.deleted" to Desk,
    ShopChanged = "shop.changed" to Desk,
    ViewChanged = "view.changed" to Desk,
    ViewDeleted = "view.deleted" to Desk,
    CannedAnswerCreated = "canned_answer.created" to Desk,
    CannedAnswerChanged = "canned_answer.changed" to Desk,
    CannedAnswerDeleted = "canned_answer.deleted" to Desk,
    StoreConnected = "store.connected" to Desk,
    StoreChanged = "store.changed" to Desk,
    StoreDisconnected = "store.disconnected" to Desk,
    StoreFailing = "store.failing" to Desk,
    StoreRecovered = "store.recovered" to Desk,
    StoreImported = "store.imported" to Desk,
    StoreTableImported = "store.table_imported" to Desk,
    StoreCallFailed = "store.call_failed" to Managers,
    PrivacyRequested = "privacy.requested" to Managers,
    PrivacyAnswered = "privacy.answered" to Managers,
    OrderPlaced = "order.placed" to Desk,
    OrderChanged = "order.changed" to Desk,
    OrderDeleted = "order.deleted" to Desk,
    TicketOrderLinked = "ticket.order_linked" to Desk,
    ActionRequested = "action.requested" to Desk,
    ActionDecided = "action.decided" to Desk,
    ActionWithdrawn = "action.withdrawn" to Desk,
    ActionDone = "action.done" to Desk,
    ActionRefused = "action.refused" to Desk,
    ActionUnsure = "action.unsure" to Desk,
    AuthorityChanged = "authority.changed" to Desk,
    OrderUpdateSent = "order.update_sent" to Desk,
    OrderUpdatesChanged = "order_updates.changed" to Desk,
    ShipmentCreated = "shipment.created" to Desk,
    ShipmentChanged = "shipment.changed" to Desk,
    ShipmentTroubled = "shipment.troubled" to Desk,
    ShipmentTroubleEnded = "shipment.trouble_ended" to Desk,
    ReturnRequested = "return.requested" to Desk,
    ReturnMoved = "return.moved" to Desk,
    ReturnReminded = "return.reminded" to Desk,
    ReturnDue = "return.due" to Desk,
    ReturnPolicyChanged = "return_policy.changed" to Desk,
    ScheduleChanged = "schedule.changed" to Desk,
    ScheduleDeleted = "schedule.deleted" to Desk,
    HoursChanged = "hours.changed" to Desk,
}

/// Who may hear of events of this kind; kinds of a newer version only managers.
pub fn audience(kind: &str) -> Audience {
    Event::KINDS.iter().find(|(known, _)| *known == kind).map_or(Audience::Managers, |(_, audience)| *audience)
}

impl Fact for Event {
    fn kind(&self) -> &'static str {
        self.name()
    }

    fn ticket(&self) -> Option<i64> {
        match self {
            Self::TicketCreated { ticket, .. }
            | Self::TicketChanged { ticket, .. }
            | Self::TicketSnoozed { ticket, .. }
            | Self::TicketWoken { ticket, .. }
            | Self::TicketReopened { ticket, .. }
            | Self::TicketMerged { ticket, .. }
            | Self::TicketMergeUndone { ticket, .. }
            | Self::TicketTookOver { ticket, .. }
            | Self::TicketGaveBack { ticket, .. }
            | Self::TicketSplit { ticket, .. }
            | Self::TicketSplitUndone { ticket, .. }
            | Self::MessageReceived { ticket, .. }
            | Self::MessageQueued { ticket, .. }
            | Self::MessageWithdrawn { ticket, .. }
            | Self::MessageSent { ticket, .. }
            | Self::MessageDelivered { ticket, .. }
            | Self::MessageRefused { ticket, .. }
            | Self::MessageBounced { ticket, .. }
            | Self::MessageRetried { ticket, .. }
            | Self::MessageRead { ticket, .. }
            | Self::GreetingAnswered { ticket, .. }
            | Self::TicketOrderLinked { ticket, .. }
            | Self::NoteAdded { ticket, .. } => Some(ticket.0),
            Self::VisitEnded { ticket, .. }
            | Self::VisitDeleted { ticket, .. }
            | Self::ActionRequested { ticket, .. }
            | Self::ActionDecided { ticket, .. }
            | Self::ActionWithdrawn { ticket, .. }
            | Self::ActionDone { ticket, .. }
            | Self::ActionRefused { ticket, .. }
            | Self::ActionUnsure { ticket, .. }
            | Self::ShipmentTroubled { ticket, .. }
            | Self::ReturnRequested { ticket, .. }
            | Self::ReturnMoved { ticket, .. }
            | Self::ReturnReminded { ticket, .. }
            | Self::ReturnDue { ticket, .. } => ticket.map(|ticket| ticket.0),
            _ => None,
        }
    }

    fn customer(&self) -> Option<i64> {
        match self {
            Self::TicketCreated { customer, .. }
            | Self::MessageReceived { customer, .. }
            | Self::CustomerCreated { customer, .. }
            | Self::CustomerChanged { customer, .. }
            | Self::CustomerErased { customer }
            | Self::CustomerMerged { customer, .. }
            | Self::CustomerMergeUndone { customer, .. }
            | Self::CustomerSplit { customer, .. }
            | Self::CustomerSplitUndone { customer, .. }
            | Self::CustomerToldApart { customer, .. }
            | Self::ConsentGiven { customer, .. }
            | Self::ConsentWithdrawn { customer, .. } => Some(customer.0),
            Self::BlockAdded { customer, .. }
            | Self::BlockRemoved { customer, .. }
            | Self::PrivacyRequested { customer, .. }
            | Self::ActionRequested { customer, .. }
            | Self::ActionDone { customer, .. }
            | Self::OrderUpdateSent { customer, .. }
            | Self::OrderPlaced { customer, .. }
            | Self::OrderChanged { customer, .. }
            | Self::ShipmentCreated { customer, .. }
            | Self::ShipmentChanged { customer, .. }
            | Self::ShipmentTroubled { customer, .. }
            | Self::ShipmentTroubleEnded { customer, .. }
            | Self::ReturnRequested { customer, .. }
            | Self::ReturnMoved { customer, .. }
            | Self::ReturnReminded { customer, .. }
            | Self::ReturnDue { customer, .. } => customer.map(|one| one.0),
            _ => None,
        }
    }
}

/// Collects what changed, leaving out what did not.
#[derive(Debug, Default)]
pub struct Changes(BTreeMap<&'static str, Change>);

impl Changes {
    pub fn note<T: Serialize>(&mut self, field: &'static str, from: T, to: T) -> base::Result<()> {
        let (from, to) = (serde_json::to_value(from)?, serde_json::to_value(to)?);
        if from != to {
            self.0.insert(field, Change { from, to });
        }
        Ok(())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn into_map(self) -> BTreeMap<&'static str, Change> {
        self.0
    }
}
