-- Stores: the configured ends of shop platforms, and what they know: products, orders, parcels.
CREATE TABLE stores (
    id {id},
    shop BIGINT NOT NULL REFERENCES shops (id),
    platform TEXT NOT NULL,
    name TEXT NOT NULL,
    -- Accounts of the shop's first store are known by their number alone, those of others with this before it.
    accounts TEXT NOT NULL DEFAULT '',
    -- By which the platform knows it; empty until it was asked.
    address TEXT NOT NULL,
    currency TEXT,
    settings {json} NOT NULL,
    -- The settings' secrets as a JSON object, encrypted.
    secrets TEXT,
    active BOOLEAN NOT NULL DEFAULT TRUE,
    version BIGINT NOT NULL DEFAULT 1,
    health TEXT NOT NULL DEFAULT 'starting',
    health_why TEXT,
    health_since BIGINT NOT NULL,
    -- Everything that the platform changed before this has been read.
    swept_to BIGINT,
    -- Calls of the platform that were refused as forged.
    forged BIGINT NOT NULL DEFAULT 0,
    forged_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX stores_by_address ON stores (platform, address) WHERE address <> '';

-- Reading all there is, or all that changed, part by part.
CREATE TABLE store_imports (
    id {id},
    store BIGINT NOT NULL REFERENCES stores (id),
    -- 'first' or 'sweep'
    kind TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'running',
    -- What is being read now, and where its next part begins.
    reading TEXT,
    next {json},
    since BIGINT,
    products BIGINT NOT NULL DEFAULT 0,
    customers BIGINT NOT NULL DEFAULT 0,
    orders BIGINT NOT NULL DEFAULT 0,
    -- How many there are of what is being read, where the platform says so.
    total BIGINT,
    why TEXT,
    started_at BIGINT NOT NULL,
    moved_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX store_imports_by_store ON store_imports (store, id);

-- What platforms told us, stored before it is read.
CREATE TABLE store_calls (
    id {id},
    store BIGINT NOT NULL REFERENCES stores (id),
    key TEXT NOT NULL,
    topic TEXT NOT NULL,
    headers {json} NOT NULL,
    body {bytes} NOT NULL,
    received_at BIGINT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting',
    why TEXT,
    UNIQUE (store, key)
);
CREATE INDEX store_calls_by_age ON store_calls (received_at);
CREATE INDEX store_calls_failed ON store_calls (store, id) WHERE state = 'failed';

CREATE TABLE products (
    id {id},
    store BIGINT NOT NULL REFERENCES stores (id),
    external TEXT NOT NULL,
    title TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    data {json} NOT NULL,
    changed_at BIGINT,
    read_at BIGINT NOT NULL,
    deleted_at BIGINT,
    UNIQUE (store, external)
);

CREATE TABLE orders_now (
    id {id},
    shop BIGINT NOT NULL REFERENCES shops (id),
    store BIGINT NOT NULL REFERENCES stores (id),
    external TEXT NOT NULL,
    -- Nobody where the platform names nobody, as at a till.
    customer BIGINT REFERENCES customers (id),
    -- The buyer's account at the store.
    account TEXT,
    number TEXT NOT NULL,
    -- The number as it is looked for: letters in upper case, and digits.
    number_key TEXT NOT NULL,
    -- In one word, where it stands for people.
    status TEXT NOT NULL,
    placed_at BIGINT NOT NULL,
    -- When the platform last changed it, and when we last had it from there.
    changed_at BIGINT,
    read_at BIGINT NOT NULL,
    deleted_at BIGINT,
    -- In the smallest unit of the currency.
    total BIGINT NOT NULL,
    paid BIGINT NOT NULL,
    refunded BIGINT NOT NULL,
    currency TEXT NOT NULL,
    -- The whole of it, as the platform had it last.
    data {json} NOT NULL,
    UNIQUE (store, external)
);
-- What stood here before belongs to a store that is told what there is.
INSERT INTO stores (shop, platform, name, address, settings, health, health_since, created_at)
    SELECT s.id, 'generic', s.name, '', 'null', 'ok', s.created_at, s.created_at
    FROM shops s WHERE s.id = (SELECT min(id) FROM shops) AND EXISTS (SELECT 1 FROM orders);
INSERT INTO orders_now (shop, store, external, customer, number, number_key, status, placed_at, changed_at, read_at,
        total, paid, refunded, currency, data)
    SELECT s.shop, s.id, o.number, o.customer, o.number, upper(replace(replace(o.number, '-', ''), '#', '')), o.status,
        o.placed_at, o.placed_at, o.placed_at, o.total, o.total, 0, o.currency,
        CAST({char}(123) || '"lines":' || CAST(o.lines AS TEXT) || {char}(125) AS {json})
    FROM orders o CROSS JOIN stores s WHERE s.platform = 'generic'
    ORDER BY o.id;
DROP TABLE orders;
ALTER TABLE orders_now RENAME TO orders;
CREATE INDEX orders_by_number ON orders (number_key, id);
CREATE INDEX orders_by_customer_and_age ON orders (customer, placed_at, id);
CREATE INDEX orders_by_account ON orders (store, account, placed_at, id) WHERE account IS NOT NULL;

CREATE TABLE shipments (
    id {id},
    order_id BIGINT NOT NULL REFERENCES orders (id),
    external TEXT NOT NULL,
    -- The carrier in our word, where we know it, and as the platform calls it.
    carrier TEXT,
    carrier_name TEXT,
    number TEXT,
    number_key TEXT,
    url TEXT,
    pieces {json} NOT NULL,
    status TEXT NOT NULL,
    sub_status TEXT,
    shipped_at BIGINT,
    expected_at BIGINT,
    delivered_at BIGINT,
    last_scan_at BIGINT,
    cancelled BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (order_id, external)
);
CREATE INDEX shipments_by_number ON shipments (number_key, id);

-- What carriers said of parcels, oldest first by `at`. The same line again, from whomever, is one line.
CREATE TABLE scans (
    id {id},
    shipment BIGINT NOT NULL REFERENCES shipments (id),
    at BIGINT NOT NULL,
    status TEXT NOT NULL,
    sub_status TEXT,
    text TEXT,
    place TEXT,
    -- Who told us: the platform, a webhook, a feed.
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    UNIQUE (shipment, key)
);
CREATE INDEX scans_by_age ON scans (shipment, at, id);

-- The order that a ticket is about, and how we came to think so: `picked`, `number`, `link`.
ALTER TABLE tickets ADD COLUMN order_id BIGINT REFERENCES orders (id);
ALTER TABLE tickets ADD COLUMN order_why TEXT;
CREATE INDEX tickets_by_order ON tickets (order_id, id) WHERE order_id IS NOT NULL;
