-- Lists that stay as fast however much there is: what a list is narrowed by stands in one index with what orders it.

-- Tags carry their ticket's shelf and age.
ALTER TABLE ticket_tags ADD COLUMN shelf TEXT NOT NULL DEFAULT 'open';
ALTER TABLE ticket_tags ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;
UPDATE ticket_tags SET
    shelf = (SELECT t.shelf FROM tickets t WHERE t.id = ticket_tags.ticket),
    updated_at = (SELECT t.updated_at FROM tickets t WHERE t.id = ticket_tags.ticket);
CREATE INDEX ticket_tags_by_age ON ticket_tags (tag, updated_at, ticket);
CREATE INDEX ticket_tags_by_shelf ON ticket_tags (tag, shelf, updated_at, ticket);
DROP INDEX ticket_tags_by_tag;

-- Who is mentioned on a ticket, once for all of its notes.
CREATE TABLE mentioned (
    agent BIGINT NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    ticket BIGINT NOT NULL REFERENCES tickets (id),
    shelf TEXT NOT NULL DEFAULT 'open',
    updated_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (ticket, agent)
);
CREATE INDEX mentioned_by_age ON mentioned (agent, updated_at, ticket);
CREATE INDEX mentioned_by_shelf ON mentioned (agent, shelf, updated_at, ticket);
INSERT INTO mentioned (agent, ticket, shelf, updated_at)
    SELECT DISTINCT n.agent, t.id, t.shelf, t.updated_at FROM mentions n
    JOIN messages m ON m.id = n.message JOIN tickets t ON t.id = m.ticket;
-- Whether anybody is.
ALTER TABLE tickets ADD COLUMN mentioned BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE tickets SET mentioned = TRUE WHERE id IN (SELECT ticket FROM mentioned);

-- Up to which message an agent has read a ticket: answered from the index alone.
CREATE INDEX reads_whole ON reads (agent, ticket, message);
CREATE INDEX reads_by_ticket ON reads (ticket);

-- What is not settled yet, and with it whether somebody has something to read there.
CREATE INDEX tickets_alive ON tickets (updated_at, id, last_in) WHERE shelf IN ('open', 'waiting', 'snoozed');
CREATE INDEX tickets_by_shelf_and_age ON tickets (shelf, updated_at, id, last_in);
DROP INDEX tickets_by_shelf;

-- A customer's name from its first word on, from its second, and so on, in lower case: whoever looks for the beginning
-- of one of them finds it here.
CREATE TABLE customer_names (
    rest TEXT {bytewise} NOT NULL,
    customer BIGINT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    PRIMARY KEY (rest, customer)
);
CREATE INDEX customer_names_by_customer ON customer_names (customer);
INSERT INTO customer_names (rest, customer)
    WITH RECURSIVE parts (customer, rest) AS (
        SELECT id, lower(trim(name)) FROM customers
        UNION ALL
        SELECT customer, substr(rest, {position}(rest, ' ') + 1) FROM parts WHERE {position}(rest, ' ') > 0)
    SELECT rest, customer FROM parts WHERE rest <> '' ON CONFLICT DO NOTHING;
CREATE INDEX identities_by_value ON identities (value {bytewise});

-- A team that is deleted stays until every ticket has left it, each with an event.
ALTER TABLE teams ADD COLUMN deleted_at BIGINT;
