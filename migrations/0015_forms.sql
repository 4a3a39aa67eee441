-- The shop's own contact form, and what people said in the shop or on the phone.

-- Whether answers leave through it. What came to one that only takes in is answered through another one of the shop.
ALTER TABLE inboxes ADD COLUMN answers BOOLEAN NOT NULL DEFAULT TRUE;

-- Forms that were sent, by the id with which each was handed out: sent again, it is the same one.
CREATE TABLE form_entries (
    inbox BIGINT NOT NULL REFERENCES inboxes (id),
    id TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (inbox, id)
);
CREATE INDEX form_entries_by_age ON form_entries (at);

-- Who wrote down what a shopper said elsewhere.
ALTER TABLE messages ADD COLUMN entered_by BIGINT REFERENCES agents (id);
