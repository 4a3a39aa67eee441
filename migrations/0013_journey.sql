-- Who is blocked: what they send is kept, and lies in Spam.
CREATE TABLE blocks (
    id {id},
    -- `customer`, `domain`, or the kind of an identity.
    what TEXT NOT NULL,
    -- A customer's id, a domain in its ASCII form, or an identity as compared.
    value TEXT NOT NULL,
    -- Also what is proven to come from there.
    proven BOOLEAN NOT NULL,
    why TEXT NOT NULL,
    agent BIGINT REFERENCES agents (id),
    created_at BIGINT NOT NULL,
    UNIQUE (what, value)
);
-- It holds what a blocked sender wrote.
ALTER TABLE tickets ADD COLUMN blocked BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX tickets_blocked ON tickets (customer, id) WHERE blocked = TRUE;

-- In whose journey a message stands: who said it as a shopper, else whose ticket it is in.
ALTER TABLE messages ADD COLUMN customer BIGINT;
UPDATE messages SET customer = CASE WHEN author_kind = 'customer' AND author IS NOT NULL THEN author
    ELSE (SELECT t.customer FROM tickets t WHERE t.id = messages.ticket) END;
-- Each of the journey's tables is read along an index, newest first.
CREATE INDEX messages_by_customer ON messages (customer, direction, created_at, id);
CREATE INDEX tickets_by_customer_and_start ON tickets (customer, created_at, id);
CREATE INDEX orders_by_customer_and_age ON orders (customer, placed_at, id);
DROP INDEX orders_by_customer;
-- What happened to people, and to none of their tickets.
CREATE INDEX events_of_people ON events (customer, at, seq) WHERE ticket IS NULL;

-- Why a message from outside joined its ticket; NULL on ours.
ALTER TABLE messages ADD COLUMN joined TEXT;
-- Who writes again where conversations go on does so in their only open ticket.
ALTER TABLE shops ADD COLUMN join_conversations BOOLEAN NOT NULL DEFAULT TRUE;
