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
CREATE INDEX messages_by_shopper ON messages (author, id, identity) WHERE author_kind = 'customer';

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

-- What is the same for identities that are one but for how they are spelled: mail addresses without dots and without
-- what follows a plus sign, the last nine digits of phone numbers. Only for suggestions: some providers give such
-- addresses to two people.
ALTER TABLE identities ADD COLUMN alike TEXT;
UPDATE identities SET alike = replace(substr(value, 1, {position}(value || '+', '+') - 1), '.', '')
    || substr(value, {position}(value, '@'))
    WHERE kind = 'email' AND {position}(value, '@') > {position}(value || '+', '+');
UPDATE identities SET alike = replace(substr(value, 1, {position}(value, '@') - 1), '.', '')
    || substr(value, {position}(value, '@'))
    WHERE kind = 'email' AND alike IS NULL AND {position}(value, '@') > 1;
UPDATE identities SET alike = substr(value, length(value) - 8) WHERE kind = 'phone' AND length(value) > 9;
CREATE INDEX identities_by_likeness ON identities (alike);

-- Customers who are known to be two, the older one first.
CREATE TABLE not_same (
    low BIGINT NOT NULL REFERENCES customers (id),
    high BIGINT NOT NULL REFERENCES customers (id),
    PRIMARY KEY (low, high)
);
CREATE INDEX not_same_by_high ON not_same (high);

-- Merges and splits of tickets that stand on others.
CREATE INDEX undoables_by_ticket ON undoables (ticket, id);
CREATE INDEX undoables_by_other ON undoables (other, id);
