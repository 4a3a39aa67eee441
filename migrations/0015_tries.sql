-- What visitors do is counted among the tries, which nothing deletes before its time.
DROP INDEX visits_by_address;
ALTER TABLE visits DROP COLUMN transcript_at;
