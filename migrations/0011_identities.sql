-- How an identity was proven and when it was seen; the country of numbers that name none.
ALTER TABLE identities ADD COLUMN verified_by TEXT;
ALTER TABLE identities ADD COLUMN verified_at BIGINT;
-- NULL: nobody has come through it; somebody only wrote it down.
ALTER TABLE identities ADD COLUMN first_seen_at BIGINT;
ALTER TABLE identities ADD COLUMN last_seen_at BIGINT;
UPDATE identities SET verified_by = 'channel', verified_at = created_at WHERE verified = TRUE;
-- Whether anything came through an identity is asked before it is taken away.
CREATE INDEX messages_by_identity ON messages (identity, created_at);
UPDATE identities SET
    first_seen_at = (SELECT min(m.created_at) FROM messages m WHERE m.identity = identities.id),
    last_seen_at = (SELECT max(m.created_at) FROM messages m WHERE m.identity = identities.id);

-- ISO 3166-1, such as NO; NULL while nobody has said.
ALTER TABLE shops ADD COLUMN country TEXT;
UPDATE shops SET country = upper(substr(language, 4)) WHERE length(language) = 5;
