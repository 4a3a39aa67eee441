//! A big database made of nothing: the rows that the verbs would have left behind, written in bulk. The same rows every
//! time, on both engines. What is left out: the raw mails of the past, which would be five times as much as all the rest
//! and which nothing here reads.

use base::{Actor, Db, Engine, Result, Time, Tx, Value, args};
use serde_json::{Value as Json, json};

use super::{
    crowd,
    words::{self, Chance, Words},
};

/// When the newest message came: Monday, 2 March 2026, 09:00 UTC.
const END: Time = 1_772_442_000_000;
/// The story before it, in milliseconds: two years.
const STORY: Time = 2 * 365 * 86_400_000;
/// Agents beside the owner, whose id is 1.
const AGENTS: i64 = 20;
const TEAMS: i64 = 3;
/// Numbers of events begin here; those before are of the installation's setup.
const FIRST_EVENT: i64 = 1000;
/// Parameters of one statement. SQLite looks each up among all the others.
const PARAMETERS: usize = 800;
/// After so many tickets a transaction ends.
const STRETCH: i64 = 2000;

pub const INBOX: i64 = 1;
/// Somebody's inbox that mails come to.
pub const INBOX_ADDRESS: &str = "help@fjellvik.example";

#[derive(Clone, Copy)]
pub struct Plan {
    pub tickets: i64,
    pub messages_each: i64,
}

impl Plan {
    /// A million tickets get fewer messages each: what is to be seen there is what tickets cost.
    pub fn of(tickets: i64) -> Self {
        Self { tickets, messages_each: if tickets > 300_000 { 2 } else { 10 } }
    }

    pub fn customers(self) -> i64 {
        self.tickets * 2 / 5
    }

    /// After how many other tickets have begun its message `at` is written: conversations lie between each other.
    fn gap(self, at: i64) -> i64 {
        at * (at + 3) * 8 * self.tickets / 100_000
    }

    /// The id of a ticket's message: one after the other in the order in which they were written.
    pub fn message(self, ticket: i64, at: i64) -> i64 {
        let moment = ticket + self.gap(at);
        let before = |other: i64| {
            let last = moment - self.gap(other) - i64::from(other >= at);
            last.clamp(0, self.tickets)
        };
        (0..self.messages_each).map(before).sum::<i64>() + 1
    }

    fn time(self, ticket: i64, at: i64) -> Time {
        let (moment, whole) = (ticket + self.gap(at), self.tickets + self.gap(self.messages_each));
        END - STORY + STORY / whole * moment + at
    }
}

pub fn external_id(message: i64) -> String {
    format!("m{message}@post.example")
}

/// Rows on their way into one table.
struct Bulk {
    table: &'static str,
    columns: &'static str,
    width: usize,
    args: Vec<Value>,
}

impl Bulk {
    fn new(table: &'static str, columns: &'static str) -> Self {
        Self { table, columns, width: columns.split(',').count(), args: Vec::new() }
    }

    async fn add(&mut self, tx: &mut Tx, row: Vec<Value>) -> Result<()> {
        assert_eq!(row.len(), self.width, "{}", self.table);
        self.args.extend(row);
        if self.args.len() + self.width > PARAMETERS { self.write(tx).await } else { Ok(()) }
    }

    async fn write(&mut self, tx: &mut Tx) -> Result<()> {
        if self.args.is_empty() {
            return Ok(());
        }
        let row = |row: usize| {
            let markers: Vec<String> = (1..=self.width).map(|at| format!("${}", row * self.width + at)).collect();
            format!("({})", markers.join(", "))
        };
        let rows: Vec<String> = (0..self.args.len() / self.width).map(row).collect();
        let sql = format!("INSERT INTO {} ({}) VALUES {}", self.table, self.columns, rows.join(", "));
        tx.run(&sql, std::mem::take(&mut self.args)).await
    }
}

struct Maker {
    plan: Plan,
    words: Words,
    customers: Bulk,
    names: Bulk,
    identities: Bulk,
    tickets: Bulk,
    tags: Bulk,
    participants: Bulk,
    messages: Bulk,
    reads: Bulk,
    mentions: Bulk,
    events: Bulk,
}

/// Fills a database that has just been set up.
pub async fn fill(db: &Db, plan: Plan) -> Result<()> {
    let mut tx = db.begin(Actor::System, END - STORY).await?;
    people(&mut tx).await?;
    tx.commit().await?;
    let mut maker = Maker::new(plan);
    let last = plan.tickets + plan.gap(plan.messages_each - 1);
    let mut next = 0;
    while next <= last {
        let mut tx = db.begin(Actor::System, END).await?;
        let end = (next + STRETCH).min(last + 1);
        for moment in next..end {
            maker.moment(&mut tx, moment).await?;
        }
        maker.write(&mut tx).await?;
        tx.commit().await?;
        next = end;
    }
    crowd::fill(db, plan, END - STORY, END).await?;
    settle(db).await
}

/// What a database does by itself in time, or would after so many inserts of its own.
async fn settle(db: &Db) -> Result<()> {
    let sql =
        "INSERT INTO mentioned (agent, ticket, shelf, updated_at) SELECT DISTINCT n.agent, t.id, t.shelf, t.updated_at
        FROM mentions n JOIN tickets t ON t.id = n.ticket";
    db.run(sql, args![]).await?;
    db.run("UPDATE tickets SET mentioned = TRUE WHERE id IN (SELECT ticket FROM mentioned)", args![]).await?;
    db.run("UPDATE cursors SET seq = (SELECT max(seq) FROM events)", args![]).await?;
    if db.engine() == Engine::Sqlite {
        return db.run("PRAGMA wal_checkpoint(TRUNCATE)", args![]).await.map(drop);
    }
    for (table, key) in [
        ("customers", "id"),
        ("tickets", "id"),
        ("messages", "id"),
        ("agents", "id"),
        ("teams", "id"),
        ("inboxes", "id"),
        ("events", "seq"),
    ] {
        let sql =
            format!("SELECT setval(pg_get_serial_sequence('{table}', '{key}'), (SELECT max({key}) FROM {table}))");
        db.run(&sql, args![]).await?;
    }
    Ok(())
}

async fn people(tx: &mut Tx) -> Result<()> {
    for agent in 2..=AGENTS + 1 {
        let sql = "INSERT INTO agents (id, shop, email, name, role, prefs, created_at) VALUES ($1, 1, $2, $3, 'agent', $4, $5)";
        let (email, name, now) = (format!("agent{agent}@fjellvik.example"), words::name(agent), tx.now());
        tx.run(sql, args![agent, email, name, json!({}), now]).await?;
    }
    for team in 1..=TEAMS {
        let sql = "INSERT INTO teams (id, shop, name, created_at) VALUES ($1, 1, $2, $3)";
        tx.run(sql, args![team, format!("Team {team}"), tx.now()]).await?;
    }
    let sql = "INSERT INTO inboxes (id, shop, channel, name, address, reaches, settings, health_since, created_at)
        VALUES ($1, 1, 'email', 'Fjellvik', $2, 'email', $3, $4, $4)";
    let now = tx.now();
    tx.run(sql, args![INBOX, INBOX_ADDRESS, json!({}), now]).await
}

impl Maker {
    fn new(plan: Plan) -> Self {
        Self {
            plan,
            words: Words::new(),
            customers: Bulk::new("customers", "id, name, language, created_at, updated_at"),
            names: Bulk::new("customer_names", "rest, customer"),
            identities: Bulk::new("identities", "customer, kind, value, verified, source, created_at"),
            tickets: Bulk::new(
                "tickets",
                "id, shop, subject, status, shelf, priority, assignee, team, tags, customer, channel, inbox, language, \
                 spam, snoozed_until, solved_at, waiting_since, messages, snippet, channels, last_message, \
                 last_message_at, last_in, version, created_at, updated_at",
            ),
            tags: Bulk::new("ticket_tags", "ticket, tag, shelf, updated_at"),
            participants: Bulk::new("participants", "ticket, kind, value"),
            messages: Bulk::new(
                "messages",
                "id, ticket, inbox, channel, direction, author_kind, author, author_name, parties, subject, text, html, \
                 external_id, in_reply_to, checks, language, mentions, delivery, sent_at, created_at, customer",
            ),
            reads: Bulk::new("reads", "agent, ticket, message"),
            mentions: Bulk::new("mentions", "agent, ticket, message, at"),
            events: Bulk::new("events", "seq, at, kind, data, ticket, customer, actor, actor_id"),
        }
    }

    /// One ticket begins, and others that began before go on.
    async fn moment(&mut self, tx: &mut Tx, moment: i64) -> Result<()> {
        for at in 0..self.plan.messages_each {
            let ticket = moment - self.plan.gap(at);
            if !(1..=self.plan.tickets).contains(&ticket) {
                continue;
            }
            if at == 0 {
                self.ticket(tx, ticket).await?;
            }
            self.message(tx, ticket, at).await?;
        }
        Ok(())
    }

    async fn write(&mut self, tx: &mut Tx) -> Result<()> {
        // In the order in which they refer to each other.
        for bulk in [
            &mut self.customers,
            &mut self.names,
            &mut self.identities,
            &mut self.tickets,
            &mut self.tags,
            &mut self.participants,
            &mut self.messages,
            &mut self.reads,
            &mut self.mentions,
            &mut self.events,
        ] {
            bulk.write(tx).await?;
        }
        Ok(())
    }

    /// Every fifth pair of tickets is of somebody new; the others' customers are known.
    fn customer(&self, ticket: i64) -> i64 {
        (ticket * 2 / 5).clamp(1, self.plan.customers())
    }

    async fn add_customer(&mut self, tx: &mut Tx, ticket: i64) -> Result<()> {
        let (customer, created) = (self.customer(ticket), self.plan.time(ticket, 0));
        if ticket > 1 && self.customer(ticket - 1) == customer {
            return Ok(());
        }
        self.customers.add(tx, args![customer, words::name(customer), "en", created, created]).await?;
        self.customers.write(tx).await?;
        let name = words::name(customer).to_lowercase();
        for (at, _) in name.match_indices(' ').chain([(0, "")]) {
            self.names.add(tx, args![name[at..].trim(), customer]).await?;
        }
        self.identities.add(tx, args![customer, "email", words::address(customer), true, "email", created]).await
    }

    async fn ticket(&mut self, tx: &mut Tx, ticket: i64) -> Result<()> {
        self.add_customer(tx, ticket).await?;
        let (plan, customer) = (self.plan, self.customer(ticket));
        let mut chance = Chance::of(ticket);
        let subject = self.words.subject(&mut chance, ticket);
        let tags: Vec<String> = (0..chance.below(3)).map(|at| format!("tag{}", at * 40 + chance.skewed(40))).collect();
        let row = self.ticket_row(&mut chance, ticket, &subject, &tags);
        self.tickets.add(tx, row).await?;
        self.tickets.write(tx).await?;
        let (_, lies) = situation(&mut Chance::of(-ticket), ticket * 20 > plan.tickets * 19);
        let updated = plan.time(ticket, plan.messages_each - 1);
        for tag in &tags {
            self.tags.add(tx, args![ticket, tag, lies, updated]).await?;
        }
        self.participants.add(tx, args![ticket, "email", words::address(customer)]).await?;
        // The owner reads nearly everything, which leaves the most to pass over for whoever looks for the unread.
        if chance.permille(980) {
            self.reads.add(tx, args![1, ticket, plan.message(ticket, plan.messages_each - 1)]).await?;
        }
        let data = json!({ "ticket": ticket, "subject": subject, "status": "new", "priority": "normal",
            "channel": "email", "inbox": INBOX, "customer": customer, "assignee": null, "team": null, "tags": [],
            "follows": null, "why": "new_message" });
        let (seq, created) = (FIRST_EVENT + 2 * plan.message(ticket, 0), plan.time(ticket, 0));
        let nobody = Option::<i64>::None;
        self.events.add(tx, args![seq, created, "ticket.created", data, ticket, customer, "system", nobody]).await
    }

    fn ticket_row(&self, chance: &mut Chance, ticket: i64, subject: &str, tags: &[String]) -> Vec<Value> {
        let (plan, last) = (self.plan, self.plan.messages_each - 1);
        let (created, updated) = (plan.time(ticket, 0), plan.time(ticket, last));
        let (word, lies) = situation(&mut Chance::of(-ticket), ticket * 20 > plan.tickets * 19);
        let assignee = chance.permille(700).then(|| 1 + i64::try_from(chance.below(21)).unwrap());
        let team = chance.permille(600).then(|| 1 + i64::try_from(chance.below(3)).unwrap());
        let snippet = self.words.text(&mut Chance::of(plan.message(ticket, last)), 22).replace('\n', " ");
        args![
            ticket,
            1,
            subject,
            word,
            lies,
            "normal",
            assignee,
            team,
            json!(tags),
            self.customer(ticket),
            "email",
            INBOX,
            "en",
            lies == "spam",
            (lies == "snoozed").then_some(END + 400 * 86_400_000),
            (lies == "solved").then_some(updated),
            (lies == "open").then_some(updated),
            plan.messages_each,
            snippet,
            json!(["email"]),
            plan.message(ticket, last),
            updated,
            plan.message(ticket, last - last % 2),
            plan.messages_each + 1,
            created,
            updated,
        ]
    }

    async fn message(&mut self, tx: &mut Tx, ticket: i64, at: i64) -> Result<()> {
        let (plan, customer) = (self.plan, self.customer(ticket));
        let (id, now, theirs) = (plan.message(ticket, at), plan.time(ticket, at), at % 2 == 0);
        let mut chance = Chance::of(id);
        let length = 20 + chance.below(50);
        let text = self.words.text(&mut chance, length);
        let agent = 1 + i64::try_from(chance.below(21)).unwrap();
        let (kind, author) = if theirs { ("customer", customer) } else { ("agent", agent) };
        let name = if theirs { words::name(customer) } else { words::name(agent) };
        let row = args![
            id,
            ticket,
            INBOX,
            "email",
            if theirs { "in" } else { "out" },
            kind,
            author,
            name,
            parties(customer, theirs),
            self.words.subject(&mut Chance::of(ticket), ticket),
            &text,
            theirs.then(|| format!("<p>{}</p>", text.replace('\n', "</p>\n<p>"))),
            external_id(id),
            (at > 0).then(|| external_id(plan.message(ticket, at - 1))),
            theirs.then(|| json!({ "spf": "pass", "dkim": "pass", "dmarc": "pass" })),
            "en",
            json!([]),
            (!theirs).then_some("sent"),
            (!theirs).then_some(now),
            now,
            customer,
        ];
        self.messages.add(tx, row).await?;
        if at == plan.messages_each - 1 && chance.permille(3) {
            self.messages.write(tx).await?;
            self.mentions.add(tx, args![1, ticket, id, now]).await?;
        }
        let (event, data) = event(ticket, customer, id, theirs, &text);
        let (actor, actor_id) = if theirs { ("system", None) } else { ("agent", Some(agent)) };
        let seq = FIRST_EVENT + 2 * id + 1;
        self.events.add(tx, args![seq, now, event, data, ticket, theirs.then_some(customer), actor, actor_id]).await
    }
}

/// A status and its shelf: old tickets are nearly all done, of the newest many are under way.
fn situation(chance: &mut Chance, young: bool) -> (&'static str, &'static str) {
    let roll = chance.below(1000);
    match (young, roll) {
        (_, 0..20) => ("solved", "spam"),
        (true, 20..220) => ("new", "open"),
        (true, 220..420) | (false, 20..25) => ("open", "open"),
        (true, 420..700) | (false, 25..30) => ("pending", "waiting"),
        (true, 700..750) => ("open", "snoozed"),
        (true, _) => ("solved", "solved"),
        (false, _) => ("closed", "solved"),
    }
}

fn parties(customer: i64, theirs: bool) -> Json {
    let shopper = json!({ "name": words::name(customer), "value": words::address(customer) });
    let shop = json!({ "name": "Fjellvik", "value": INBOX_ADDRESS });
    let (from, to) = if theirs { (shopper, shop) } else { (shop, shopper) };
    json!({ "from": from, "to": [to], "cc": [], "reply_to": null })
}

fn event(ticket: i64, customer: i64, message: i64, theirs: bool, text: &str) -> (&'static str, Json) {
    let snippet: String = text.chars().take(150).collect();
    if theirs {
        let data = json!({ "ticket": ticket, "customer": customer, "message": message, "direction": "in",
            "snippet": snippet, "why": "references", "automatic": null });
        return ("message.received", data);
    }
    ("message.queued", json!({ "ticket": ticket, "message": message, "send_at": null, "snippet": snippet }))
}
