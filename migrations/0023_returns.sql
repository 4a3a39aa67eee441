-- What shoppers send back, and the policies that it was decided by.

-- Every version is kept: a return keeps the one it was decided by.
CREATE TABLE return_policies (
    id {id},
    shop BIGINT NOT NULL REFERENCES shops (id),
    version BIGINT NOT NULL,
    policy {json} NOT NULL,
    made_at BIGINT NOT NULL,
    made_by BIGINT REFERENCES agents (id),
    UNIQUE (shop, version)
);

CREATE TABLE returns (
    id {id},
    shop BIGINT NOT NULL REFERENCES shops (id),
    -- What people call it and the warehouse scans.
    number TEXT NOT NULL UNIQUE,
    -- The form that it was asked for with: sent again, it is the same return.
    key TEXT NOT NULL UNIQUE,
    order_id BIGINT NOT NULL REFERENCES orders (id),
    customer BIGINT REFERENCES customers (id),
    ticket BIGINT REFERENCES tickets (id),
    policy BIGINT NOT NULL REFERENCES return_policies (id),
    state TEXT NOT NULL,
    outcome TEXT NOT NULL,
    -- How it comes back; null where the shopper keeps it.
    method TEXT,
    -- They withdrew from the contract by law, rather than asked.
    withdrawal BOOLEAN NOT NULL DEFAULT FALSE,
    -- When the money goes back.
    release TEXT NOT NULL,
    -- 'none', 'due', 'done'
    money TEXT NOT NULL DEFAULT 'none',
    -- By which it is given, and why that did not work.
    action BIGINT REFERENCES order_actions (id),
    money_why TEXT,
    -- What is put on top of a credit was asked for.
    bonus_asked BOOLEAN NOT NULL DEFAULT FALSE,
    -- In the smallest unit of the order's currency: what the goods cost, what is taken off, what is put on top.
    currency TEXT NOT NULL,
    worth BIGINT NOT NULL,
    fee BIGINT NOT NULL,
    bonus BIGINT NOT NULL,
    email TEXT,
    name TEXT,
    language TEXT NOT NULL,
    -- Why it was declined.
    why TEXT,
    requested_at BIGINT NOT NULL,
    moved_at BIGINT NOT NULL,
    -- Until when it has to be handed in; null where it need not.
    expires_at BIGINT,
    resolved_at BIGINT
);
CREATE INDEX returns_by_order ON returns (order_id, id);
CREATE INDEX returns_by_customer ON returns (customer, requested_at) WHERE customer IS NOT NULL;
CREATE INDEX returns_by_state ON returns (shop, state, id);
CREATE INDEX returns_by_action ON returns (action) WHERE action IS NOT NULL;
CREATE INDEX returns_by_ticket ON returns (ticket) WHERE ticket IS NOT NULL;

CREATE TABLE return_lines (
    id {id},
    return_id BIGINT NOT NULL REFERENCES returns (id),
    -- The order's line at its platform, and what it was when it was sent back.
    line TEXT NOT NULL,
    title TEXT NOT NULL,
    variant_title TEXT,
    sku TEXT,
    picture TEXT,
    quantity BIGINT NOT NULL,
    worth BIGINT NOT NULL,
    reason TEXT NOT NULL,
    comment TEXT,
    -- What they want instead.
    wished {json},
    -- The offer as it was decided, with its reasons.
    offer {json} NOT NULL,
    -- What the warehouse found.
    received BIGINT NOT NULL DEFAULT 0,
    condition TEXT,
    restock BOOLEAN NOT NULL DEFAULT FALSE,
    note TEXT
);
CREATE INDEX return_lines_by_return ON return_lines (return_id, id);

-- Pictures, from shoppers with a form and from the warehouse.
CREATE TABLE return_pictures (
    id {id},
    return_id BIGINT NOT NULL REFERENCES returns (id),
    blob TEXT NOT NULL REFERENCES blobs (hash),
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    from_warehouse BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT NOT NULL
);
CREATE INDEX return_pictures_by_return ON return_pictures (return_id, id);

-- Which letters were written about a return: each kind once.
CREATE TABLE return_letters (
    return_id BIGINT NOT NULL REFERENCES returns (id),
    kind TEXT NOT NULL,
    message BIGINT REFERENCES messages (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (return_id, kind)
);
