-- What people, rules and shoppers have done to orders at their stores: asked for, perhaps approved, done once.
CREATE TABLE order_actions (
    id {id},
    order_id BIGINT NOT NULL REFERENCES orders (id),
    shop BIGINT NOT NULL REFERENCES shops (id),
    ticket BIGINT REFERENCES tickets (id),
    kind TEXT NOT NULL,
    -- What is to be done, amounts filled in.
    action {json} NOT NULL,
    -- What goes out, in the smallest unit of the currency, and what it is worth against the limits.
    amount BIGINT NOT NULL,
    worth BIGINT NOT NULL,
    currency TEXT NOT NULL,
    -- awaiting_approval, queued, running, done, refused, declined, withdrawn, unsure
    state TEXT NOT NULL,
    -- Names it at the platform, the same for every try.
    key TEXT NOT NULL UNIQUE,
    actor TEXT NOT NULL,
    actor_id BIGINT,
    -- Whose limits it is held to.
    role TEXT NOT NULL,
    -- Why it needs approval.
    above TEXT,
    decided_by BIGINT REFERENCES agents (id),
    decided_at BIGINT,
    decision_note TEXT,
    -- When it leaves; until then it can be taken back.
    run_at BIGINT,
    -- When the platform was last asked to do it: from then on it may have been done.
    tried_at BIGINT,
    tries BIGINT NOT NULL DEFAULT 0,
    result {json},
    why TEXT,
    created_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX order_actions_by_order ON order_actions (order_id, id);
CREATE INDEX order_actions_by_ticket ON order_actions (ticket, id) WHERE ticket IS NOT NULL;
CREATE INDEX order_actions_by_state ON order_actions (state, id)
    WHERE state IN ('awaiting_approval', 'queued', 'running', 'unsure');
CREATE INDEX order_actions_by_actor ON order_actions (actor, actor_id, created_at);

-- How much a role may give away by itself. None of a kind and role says that there is no limit; a currency that is not
-- named where others are needs approval.
CREATE TABLE authority (
    id {id},
    shop BIGINT NOT NULL REFERENCES shops (id),
    role TEXT NOT NULL,
    kind TEXT NOT NULL,
    currency TEXT NOT NULL,
    -- At once and in a day, in the smallest unit; NULL is as much as they like.
    once BIGINT,
    day BIGINT,
    UNIQUE (shop, role, kind, currency)
);

-- Where the shop's days begin, as in the IANA database.
ALTER TABLE shops ADD COLUMN time_zone TEXT;
