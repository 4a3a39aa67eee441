-- Customers, inboxes, tickets, messages.
CREATE TABLE customers (
    id {id},
    name TEXT NOT NULL,
    language TEXT,
    note TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX customers_by_age ON customers (updated_at, id);

CREATE TABLE identities (
    id {id},
    customer BIGINT NOT NULL REFERENCES customers (id),
    kind TEXT NOT NULL,
    -- As compared: addresses in lower case, numbers in E.164.
    value TEXT NOT NULL,
    verified BOOLEAN NOT NULL,
    source TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (kind, value)
);
CREATE INDEX identities_by_customer ON identities (customer);

CREATE TABLE inboxes (
    id {id},
    shop BIGINT NOT NULL REFERENCES shops (id),
    channel TEXT NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    -- The kind of identity that it can write to.
    reaches TEXT NOT NULL,
    settings {json} NOT NULL,
    -- The settings' secrets as a JSON object, encrypted.
    secrets TEXT,
    signature TEXT,
    team BIGINT REFERENCES teams (id) ON DELETE SET NULL,
    active BOOLEAN NOT NULL DEFAULT TRUE,
    -- Changes with every edit, so that a running connection knows that it is out of date.
    version BIGINT NOT NULL DEFAULT 1,
    -- Where a fetching channel has got to.
    cursor {json},
    -- The node that fetches, and until when it holds this right.
    fetcher TEXT,
    fetcher_until BIGINT NOT NULL DEFAULT 0,
    health TEXT NOT NULL DEFAULT 'ok',
    health_why TEXT,
    health_since BIGINT NOT NULL,
    fetched_at BIGINT,
    created_at BIGINT NOT NULL,
    UNIQUE (channel, address)
);

-- Raw input, stored before it is parsed.
CREATE TABLE arrivals (
    id {id},
    inbox BIGINT NOT NULL REFERENCES inboxes (id),
    blob TEXT NOT NULL REFERENCES blobs (hash),
    received_at BIGINT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting',
    why TEXT,
    tries BIGINT NOT NULL DEFAULT 0,
    UNIQUE (inbox, blob)
);
CREATE INDEX arrivals_quarantined ON arrivals (received_at) WHERE state = 'quarantined';

CREATE TABLE tickets (
    id {id},
    shop BIGINT NOT NULL REFERENCES shops (id),
    subject TEXT NOT NULL,
    status TEXT NOT NULL,
    -- Where it lies for a person: open, waiting, snoozed, solved, spam, merged. Follows from the columns around it.
    shelf TEXT NOT NULL,
    priority TEXT NOT NULL,
    assignee BIGINT REFERENCES agents (id),
    team BIGINT REFERENCES teams (id) ON DELETE SET NULL,
    tags {json} NOT NULL,
    customer BIGINT NOT NULL REFERENCES customers (id),
    channel TEXT NOT NULL,
    inbox BIGINT REFERENCES inboxes (id),
    language TEXT,
    spam BOOLEAN NOT NULL DEFAULT FALSE,
    snoozed_until BIGINT,
    solved_at BIGINT,
    merged_into BIGINT REFERENCES tickets (id),
    -- The closed ticket that this one goes on from.
    follows BIGINT REFERENCES tickets (id),
    -- The oldest message of the shopper that nobody has answered.
    waiting_since BIGINT,
    messages BIGINT NOT NULL DEFAULT 0,
    snippet TEXT NOT NULL DEFAULT '',
    -- The channels it went through, in order, one entry per change.
    channels {json} NOT NULL,
    last_message BIGINT,
    last_message_at BIGINT NOT NULL,
    -- The newest message that came in; unread is what lies behind an agent's read mark.
    last_in BIGINT,
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX tickets_by_shelf ON tickets (shelf, updated_at, id);
CREATE INDEX tickets_by_assignee ON tickets (assignee, shelf, updated_at, id);
CREATE INDEX tickets_by_team ON tickets (team, shelf, updated_at, id);
CREATE INDEX tickets_by_assignee_age ON tickets (assignee, updated_at, id);
CREATE INDEX tickets_by_team_age ON tickets (team, updated_at, id);
CREATE INDEX tickets_by_status ON tickets (status, updated_at, id);
CREATE INDEX tickets_by_priority ON tickets (priority, updated_at, id);
CREATE INDEX tickets_by_customer ON tickets (customer, updated_at, id);
CREATE INDEX tickets_by_inbox ON tickets (inbox, updated_at, id);
CREATE INDEX tickets_by_channel ON tickets (channel, updated_at, id);
CREATE INDEX tickets_by_age ON tickets (updated_at, id);

CREATE TABLE ticket_tags (
    ticket BIGINT NOT NULL REFERENCES tickets (id),
    tag TEXT NOT NULL,
    PRIMARY KEY (ticket, tag)
);
CREATE INDEX ticket_tags_by_tag ON ticket_tags (tag, ticket);

CREATE TABLE messages (
    id {id},
    ticket BIGINT NOT NULL REFERENCES tickets (id),
    inbox BIGINT REFERENCES inboxes (id),
    channel TEXT NOT NULL,
    direction TEXT NOT NULL,
    author_kind TEXT NOT NULL,
    author BIGINT,
    author_name TEXT NOT NULL,
    -- {"from": party, "to": [party], "cc": [party], "reply_to": party}
    parties {json} NOT NULL,
    subject TEXT,
    text TEXT NOT NULL,
    html TEXT,
    quoted TEXT,
    quoted_html TEXT,
    signature TEXT,
    remote_images BIGINT NOT NULL DEFAULT 0,
    external_id TEXT,
    in_reply_to TEXT,
    automatic TEXT,
    checks {json},
    language TEXT,
    raw TEXT REFERENCES blobs (hash),
    mentions {json} NOT NULL,
    delivery TEXT,
    delivery_why TEXT,
    send_at BIGINT,
    -- Set right before it is handed to the outside: found set by a later try, it may have left already.
    sending_at BIGINT,
    sent_at BIGINT,
    -- What an answer changed about its ticket, to be put back when it is taken back.
    before {json},
    created_at BIGINT NOT NULL,
    UNIQUE (inbox, external_id)
);
CREATE INDEX messages_by_ticket ON messages (ticket, created_at, id);
CREATE INDEX messages_by_external_id ON messages (external_id);

-- The addresses that have a part in a ticket: only they can write into it by answering a known message.
CREATE TABLE participants (
    ticket BIGINT NOT NULL REFERENCES tickets (id),
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (ticket, kind, value)
);

CREATE TABLE attachments (
    id {id},
    message BIGINT REFERENCES messages (id),
    blob TEXT NOT NULL REFERENCES blobs (hash),
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    content_id TEXT,
    inline BOOLEAN NOT NULL DEFAULT FALSE,
    agent BIGINT REFERENCES agents (id),
    created_at BIGINT NOT NULL
);
CREATE INDEX attachments_by_message ON attachments (message);
CREATE INDEX attachments_waiting ON attachments (created_at) WHERE message IS NULL;

-- Up to which message an agent has read a ticket.
CREATE TABLE reads (
    agent BIGINT NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    ticket BIGINT NOT NULL REFERENCES tickets (id),
    message BIGINT NOT NULL,
    PRIMARY KEY (agent, ticket)
);

CREATE TABLE mentions (
    agent BIGINT NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    ticket BIGINT NOT NULL REFERENCES tickets (id),
    message BIGINT NOT NULL REFERENCES messages (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (agent, ticket, message)
);

CREATE INDEX mentions_by_message ON mentions (message);

CREATE TABLE drafts (
    agent BIGINT NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    ticket BIGINT NOT NULL REFERENCES tickets (id),
    kind TEXT NOT NULL,
    html TEXT NOT NULL,
    attachments {json} NOT NULL,
    cc {json} NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (agent, ticket, kind)
);

CREATE TABLE views (
    id {id},
    shop BIGINT NOT NULL REFERENCES shops (id),
    name TEXT NOT NULL,
    filter {json} NOT NULL,
    agent BIGINT REFERENCES agents (id) ON DELETE CASCADE,
    shared BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);

-- What merge, split and bulk changed, so that each can be undone.
CREATE TABLE undoables (
    id {id},
    kind TEXT NOT NULL,
    ticket BIGINT,
    other BIGINT,
    agent BIGINT,
    before {json} NOT NULL,
    created_at BIGINT NOT NULL,
    undone_at BIGINT
);

-- Automatic mails, for the loop guard.
CREATE TABLE automatic_mails (
    customer BIGINT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX automatic_mails_by_customer ON automatic_mails (customer, at);

CREATE TABLE orders (
    id {id},
    customer BIGINT NOT NULL REFERENCES customers (id),
    number TEXT NOT NULL,
    status TEXT NOT NULL,
    placed_at BIGINT NOT NULL,
    -- In the smallest unit of the currency.
    total BIGINT NOT NULL,
    currency TEXT NOT NULL,
    lines {json} NOT NULL,
    UNIQUE (number)
);
CREATE INDEX orders_by_customer ON orders (customer, placed_at);
