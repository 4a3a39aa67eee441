-- What shoppers have done to their own orders before these are sent.
CREATE TABLE shopper_rules (
    shop BIGINT PRIMARY KEY REFERENCES shops (id),
    data {json} NOT NULL
);

CREATE TABLE shopper_changes (
    id {id},
    order_id BIGINT NOT NULL REFERENCES orders (id),
    kind TEXT NOT NULL,
    -- The form that it was asked for with: sent again, it is the same.
    key TEXT NOT NULL UNIQUE,
    action BIGINT NOT NULL REFERENCES order_actions (id),
    language TEXT NOT NULL,
    -- What the shopper was told last: 'asked', 'unsure', 'done', 'failed'
    told TEXT NOT NULL,
    -- The letter about it, where it stands in a ticket.
    letter BIGINT REFERENCES messages (id),
    created_at BIGINT NOT NULL
);
CREATE INDEX shopper_changes_by_order ON shopper_changes (order_id, id);
CREATE INDEX shopper_changes_by_action ON shopper_changes (action);

-- What a store sells, from each word of its name on and by the numbers of its variants, in lower case.
CREATE TABLE product_words (
    store BIGINT NOT NULL REFERENCES stores (id),
    word TEXT {bytewise} NOT NULL,
    product BIGINT NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    PRIMARY KEY (store, word, product)
);
CREATE INDEX product_words_by_product ON product_words (product);
INSERT INTO product_words (store, word, product)
    WITH RECURSIVE parts (store, word, product) AS (
        SELECT store, lower(trim(title)), id FROM products
        UNION ALL
        SELECT store, substr(word, {position}(word, ' ') + 1), product FROM parts WHERE {position}(word, ' ') > 0)
    SELECT store, word, product FROM parts WHERE word <> '' ON CONFLICT DO NOTHING;

-- What people, or a store for all of its buyers, asked about their data.
CREATE TABLE privacy_requests (
    id {id},
    shop BIGINT NOT NULL REFERENCES shops (id),
    store BIGINT NOT NULL REFERENCES stores (id),
    -- 'access', 'erasure', 'store'
    kind TEXT NOT NULL,
    -- Who it is about, until it is done.
    buyer {json},
    orders {json} NOT NULL,
    customer BIGINT REFERENCES customers (id),
    -- 'open', 'done', 'kept': the store is connected again, so nothing was erased
    state TEXT NOT NULL DEFAULT 'open',
    -- Where erasing goes on.
    step TEXT NOT NULL DEFAULT 'orders',
    place BIGINT NOT NULL DEFAULT 0,
    erased BIGINT NOT NULL DEFAULT 0,
    ticket BIGINT REFERENCES tickets (id),
    asked_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX privacy_requests_by_shop ON privacy_requests (shop, id);
CREATE TABLE privacy_customers (
    request BIGINT NOT NULL REFERENCES privacy_requests (id) ON DELETE CASCADE,
    customer BIGINT NOT NULL REFERENCES customers (id),
    PRIMARY KEY (request, customer)
);

-- What was erased and must not come back from its store: 'order' or 'account', by the store's id.
CREATE TABLE erasures (
    store BIGINT NOT NULL REFERENCES stores (id),
    what TEXT NOT NULL,
    external TEXT NOT NULL,
    request BIGINT NOT NULL REFERENCES privacy_requests (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (store, what, external)
);
CREATE INDEX erasures_by_request ON erasures (request);

-- What each piece of what they get in exchange costs less; it goes back to them.
ALTER TABLE return_lines ADD COLUMN cheaper BIGINT NOT NULL DEFAULT 0;
