-- Persons who turn out to be one, and one who turns out to be several: both can be undone.

-- The customer who stands for this one. A merged-away customer keeps its row, so that old links and events lead on.
ALTER TABLE customers ADD COLUMN merged_into BIGINT REFERENCES customers (id);
CREATE INDEX customers_by_survivor ON customers (merged_into);

-- Which of the shopper's identities a message came through: when persons are merged, split or taken apart again, it
-- goes where its identity goes.
ALTER TABLE messages ADD COLUMN identity BIGINT REFERENCES identities (id);
-- By the address it came from, by the one it wants answers at, or by the only one its author has.
UPDATE messages SET identity = COALESCE(
    (SELECT i.id FROM identities i JOIN inboxes x ON x.reaches = i.kind
        WHERE x.id = messages.inbox AND i.customer = messages.author
        AND i.value = lower(messages.parties -> 'from' ->> 'value')),
    (SELECT i.id FROM identities i JOIN inboxes x ON x.reaches = i.kind
        WHERE x.id = messages.inbox AND i.customer = messages.author
        AND i.value = lower(messages.parties -> 'reply_to' ->> 'value')),
    (SELECT min(i.id) FROM identities i WHERE i.customer = messages.author HAVING count(*) = 1))
    WHERE author_kind = 'customer';
CREATE INDEX messages_by_shopper ON messages (author, identity) WHERE author_kind = 'customer';

-- Merges and splits of customers. A merge moves all of `source` to `target`; a split moves some of it there.
CREATE TABLE customer_moves (
    id {id},
    kind TEXT NOT NULL,
    source BIGINT NOT NULL REFERENCES customers (id),
    target BIGINT NOT NULL REFERENCES customers (id),
    -- The survivor's fields before and after.
    fields {json} NOT NULL,
    -- Tickets with a greater id came later.
    last_ticket BIGINT NOT NULL,
    agent BIGINT REFERENCES agents (id),
    created_at BIGINT NOT NULL,
    undone_at BIGINT
);
CREATE INDEX customer_moves_by_source ON customer_moves (source);
CREATE INDEX customer_moves_by_target ON customer_moves (target);

-- What a merge moved: `identity`, `ticket`, `order`, and `message` where its identity is not known, all by id, and
-- `automatic` by its time.
CREATE TABLE customer_moved (
    move BIGINT NOT NULL REFERENCES customer_moves (id) ON DELETE CASCADE,
    what TEXT NOT NULL,
    thing BIGINT NOT NULL,
    PRIMARY KEY (move, what, thing)
);
