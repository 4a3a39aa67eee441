-- Visitors of a shop's pages, and what each of them may read again.

-- Who writes again there goes on in the same conversation: answers leave at once and unsigned.
ALTER TABLE inboxes ADD COLUMN conversational BOOLEAN NOT NULL DEFAULT FALSE;

CREATE TABLE visits (
    id {id},
    inbox BIGINT NOT NULL REFERENCES inboxes (id) ON DELETE CASCADE,
    -- SHA-256 of what the visitor's browser keeps.
    secret TEXT NOT NULL,
    -- The identity by which the desk knows them; no secret.
    visitor TEXT NOT NULL UNIQUE,
    name TEXT,
    language TEXT,
    -- For whom the shop's own server has signed; NULL while nobody knows.
    customer BIGINT REFERENCES customers (id),
    -- A keyed hash of the network address, for limits.
    address TEXT NOT NULL,
    -- The place of the newest line, and up to which line their page has got and has shown them.
    newest BIGINT NOT NULL DEFAULT 0,
    delivered_to BIGINT NOT NULL DEFAULT 0,
    read_to BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX visits_by_address ON visits (address, created_at);
CREATE INDEX visits_by_expiry ON visits (expires_at);
CREATE INDEX visits_by_inbox ON visits (inbox);

-- A conversation as its visitor sees it: what they said, and what was said to them. Nothing else is ever shown to
-- them, whatever becomes of the tickets.
CREATE TABLE visit_lines (
    visit BIGINT NOT NULL REFERENCES visits (id) ON DELETE CASCADE,
    -- 1, 2, 3 …, handed out under the lock of the visit's row: who has read up to one has missed none before it.
    place BIGINT NOT NULL,
    -- The id that the visitor's page gave it; NULL for what the shop said.
    said TEXT,
    -- NULL until it has been received.
    message BIGINT REFERENCES messages (id),
    -- Who said it, as the shop shows its people.
    name TEXT,
    text TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (visit, place),
    UNIQUE (visit, said)
);
CREATE INDEX visit_lines_by_message ON visit_lines (message);

-- Signed words of shops' servers that have been used, as SHA-256 of their ids: each counts for one visit only.
CREATE TABLE visit_vouchers (
    inbox BIGINT NOT NULL REFERENCES inboxes (id) ON DELETE CASCADE,
    once TEXT NOT NULL,
    visit BIGINT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (inbox, once)
);
CREATE INDEX visit_vouchers_by_age ON visit_vouchers (until);
