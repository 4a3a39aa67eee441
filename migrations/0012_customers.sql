-- What is known of a customer.
ALTER TABLE customers ADD COLUMN languages {json} NOT NULL DEFAULT '[]';
-- As in the IANA database, such as Europe/Oslo.
ALTER TABLE customers ADD COLUMN time_zone TEXT;
ALTER TABLE customers ADD COLUMN tags {json} NOT NULL DEFAULT '[]';
ALTER TABLE customers ADD COLUMN addresses {json} NOT NULL DEFAULT '[]';
-- Values by the keys of the shop's attributes; NULL for none.
ALTER TABLE customers ADD COLUMN attributes {json};

-- What a shop wants to know of its customers beside that.
CREATE TABLE customer_attributes (
    id {id},
    shop BIGINT NOT NULL REFERENCES shops (id),
    key TEXT NOT NULL,
    label TEXT NOT NULL,
    kind TEXT NOT NULL,
    choices {json} NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (shop, key)
);

-- What customers have agreed to. A row is never deleted: that it was withdrawn is as much a part of it.
CREATE TABLE customer_consents (
    id {id},
    customer BIGINT NOT NULL REFERENCES customers (id),
    what TEXT NOT NULL,
    how TEXT NOT NULL,
    agent BIGINT REFERENCES agents (id),
    given_at BIGINT NOT NULL,
    withdrawn_at BIGINT
);
CREATE INDEX customer_consents_by_customer ON customer_consents (customer, id);
