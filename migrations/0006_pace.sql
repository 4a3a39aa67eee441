-- What was handed over within the last minute, or is just being, by inboxes that may send only so much a minute.
CREATE TABLE sendings (
    id {id},
    inbox BIGINT NOT NULL REFERENCES inboxes (id) ON DELETE CASCADE,
    at BIGINT NOT NULL
);
CREATE INDEX sendings_by_inbox ON sendings (inbox, at);
