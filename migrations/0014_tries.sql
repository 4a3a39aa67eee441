-- What visitors do is counted among the tries, which nothing deletes before its time.
DROP INDEX visits_by_address;
ALTER TABLE visits DROP COLUMN transcript_at;

-- From which network address (a keyed hash) an upload came that stands on no line yet: it takes up disk for an hour at most.
ALTER TABLE attachments ADD COLUMN waits_from TEXT;
CREATE INDEX attachments_on_no_line ON attachments (created_at) WHERE waits_from IS NOT NULL;

-- Bytes, by their SHA-256, that nobody may name any more since then. The indices are for looking whether somebody does.
CREATE TABLE strays (
    hash TEXT PRIMARY KEY,
    at BIGINT NOT NULL
);
CREATE INDEX attachments_by_blob ON attachments (blob);
CREATE INDEX arrivals_by_blob ON arrivals (blob);
CREATE INDEX messages_by_raw ON messages (raw) WHERE raw IS NOT NULL;
