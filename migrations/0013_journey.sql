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
