-- What visitors do is counted among the tries, which nothing deletes before its time.
DROP INDEX visits_by_address;
ALTER TABLE visits DROP COLUMN transcript_at;

-- From which network address (a keyed hash) an upload came that stands on no line yet: it takes up disk for an hour at most.
ALTER TABLE attachments ADD COLUMN waits_from TEXT;
CREATE INDEX attachments_on_no_line ON attachments (created_at) WHERE waits_from IS NOT NULL;
