-- Parcels: what carriers say before we know the parcel, what is wrong with some, and the page on which they are followed.
ALTER TABLE shipments ADD COLUMN promised_at BIGINT;
-- When the shop expected it there, as the platform said last: carriers know better later.
ALTER TABLE shipments ADD COLUMN shop_expected_at BIGINT;
-- When somebody looks next whether it is stuck, and from when on that is counted.
ALTER TABLE shipments ADD COLUMN watch_at BIGINT;
ALTER TABLE shipments ADD COLUMN watched_from BIGINT NOT NULL DEFAULT 0;

-- News of parcels that nobody knows yet.
CREATE TABLE parcel_news (
    id {id},
    shop BIGINT NOT NULL REFERENCES shops (id),
    number_key TEXT NOT NULL,
    carrier TEXT,
    expected_at BIGINT,
    lines {json} NOT NULL,
    source TEXT NOT NULL,
    received_at BIGINT NOT NULL
);
CREATE INDEX parcel_news_by_number ON parcel_news (shop, number_key, id);
CREATE INDEX parcel_news_by_age ON parcel_news (received_at);

-- What is or was wrong with a parcel: once for each reason, however often it comes back.
CREATE TABLE shipment_troubles (
    id {id},
    shipment BIGINT NOT NULL REFERENCES shipments (id),
    reason TEXT NOT NULL,
    found_at BIGINT NOT NULL,
    -- Since when it is no more.
    ended_at BIGINT,
    -- When somebody of the team took care of it; it may still be so.
    dismissed_at BIGINT,
    -- The ticket in which the shopper was told of it, or was in already.
    ticket BIGINT REFERENCES tickets (id),
    told_at BIGINT,
    UNIQUE (shipment, reason)
);
CREATE INDEX shipment_troubles_open ON shipment_troubles (found_at, id) WHERE ended_at IS NULL;

-- How each shop wants its parcels watched, and how its tracking page looks.
CREATE TABLE shipment_rules (
    shop BIGINT PRIMARY KEY REFERENCES shops (id),
    data {json} NOT NULL
);
CREATE INDEX shipments_by_scan ON shipments (last_scan_at) WHERE last_scan_at IS NOT NULL;

CREATE TABLE tracking_pages (
    shop BIGINT PRIMARY KEY REFERENCES shops (id),
    data {json} NOT NULL
);

-- Codes that were sent by mail to whoever placed an order. Kept as keyed hashes, for some minutes.
CREATE TABLE tracking_codes (
    id {id},
    order_id BIGINT NOT NULL REFERENCES orders (id),
    hash TEXT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX tracking_codes_by_order ON tracking_codes (order_id, id);
CREATE INDEX tracking_codes_by_age ON tracking_codes (expires_at);
