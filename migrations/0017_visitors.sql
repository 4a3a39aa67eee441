-- What a shop says first to visitors of its pages, by rule.
CREATE TABLE greetings (
    id {id},
    inbox BIGINT NOT NULL REFERENCES inboxes (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    -- 1, 2, 3 …: of several that fit the first is shown.
    place BIGINT NOT NULL,
    -- Any page can read them.
    conditions {json} NOT NULL,
    -- By language tag.
    texts {json} NOT NULL,
    -- Whose face it wears; NULL for the shop's.
    face BIGINT REFERENCES agents (id),
    every_days BIGINT NOT NULL,
    shown BIGINT NOT NULL DEFAULT 0,
    answered BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);
CREATE INDEX greetings_by_inbox ON greetings (inbox, place);

-- Who has seen one, of those who agreed to be known.
CREATE TABLE greeting_shows (
    id {id},
    greeting BIGINT NOT NULL REFERENCES greetings (id) ON DELETE CASCADE,
    -- As the identity is called.
    visitor TEXT NOT NULL,
    shown_at BIGINT NOT NULL
);
CREATE INDEX greeting_shows_by_visitor ON greeting_shows (visitor, shown_at);
CREATE INDEX greeting_shows_by_greeting ON greeting_shows (greeting);
CREATE INDEX greeting_shows_by_age ON greeting_shows (shown_at);

-- The greeting that a visitor answered (`id` and `name`), until it stands in their ticket.
ALTER TABLE visits ADD COLUMN greeting {json};

-- What visitors saw each time they were here, by their consent: a few pages of each stay.
CREATE TABLE stays (
    id {id},
    shop BIGINT NOT NULL REFERENCES shops (id),
    inbox BIGINT NOT NULL REFERENCES inboxes (id) ON DELETE CASCADE,
    -- As the identity is called.
    visitor TEXT NOT NULL,
    began_at BIGINT NOT NULL,
    pages BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX stays_by_visitor ON stays (visitor, began_at, id);
CREATE INDEX stays_by_age ON stays (shop, began_at);
CREATE INDEX stays_by_inbox ON stays (inbox);
CREATE TABLE stay_pages (
    stay BIGINT NOT NULL REFERENCES stays (id) ON DELETE CASCADE,
    place BIGINT NOT NULL,
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    at BIGINT NOT NULL,
    seconds BIGINT NOT NULL,
    PRIMARY KEY (stay, place)
);
-- The one that goes on.
ALTER TABLE visits ADD COLUMN stay BIGINT;
-- For how long a shop keeps them.
ALTER TABLE shops ADD COLUMN page_days BIGINT NOT NULL DEFAULT 30;

-- By what customers are listed; who is merged away stands in no list.
CREATE TABLE customer_facets (
    -- `tag`, or `field.` and the key of an attribute.
    facet TEXT NOT NULL,
    -- In small letters; of a long one the beginning.
    value TEXT NOT NULL,
    customer BIGINT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    PRIMARY KEY (facet, value, customer)
);
CREATE INDEX customer_facets_by_customer ON customer_facets (customer);
-- Those who are there already are looked through in the background.
INSERT INTO jobs (name, lane, args, run_at)
    SELECT 'customers.fill_facets', 0, CAST('[0]' AS {json}), 0 WHERE EXISTS (SELECT 1 FROM customers);
