-- A message that is too long to be shown whole; `raw` has all of it.
ALTER TABLE messages ADD COLUMN cut BOOLEAN NOT NULL DEFAULT FALSE;
