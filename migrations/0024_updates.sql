-- What shoppers are told of their orders: each thing once, and which of it a shop wants.
CREATE TABLE order_updates (
    id {id},
    order_id BIGINT NOT NULL REFERENCES orders (id),
    kind TEXT NOT NULL,
    -- Of which parcel or refund; empty where the whole order is meant.
    part TEXT NOT NULL,
    inbox BIGINT NOT NULL REFERENCES inboxes (id),
    recipient TEXT NOT NULL,
    language TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    html TEXT NOT NULL,
    -- queued, sending, sent, refused, unsure
    state TEXT NOT NULL,
    external_id TEXT,
    why TEXT,
    created_at BIGINT NOT NULL,
    sent_at BIGINT,
    UNIQUE (order_id, kind, part)
);
CREATE INDEX order_updates_by_external ON order_updates (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX order_updates_by_recipient ON order_updates (recipient, created_at);

CREATE TABLE update_settings (
    shop BIGINT PRIMARY KEY REFERENCES shops (id),
    data {json} NOT NULL
);
