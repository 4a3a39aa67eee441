-- Files in conversations with visitors.

-- The visitor who uploaded it; NULL for those of agents and those that came with messages.
ALTER TABLE attachments ADD COLUMN visitor TEXT;
CREATE INDEX attachments_by_visitor ON attachments (visitor, created_at) WHERE visitor IS NOT NULL;

-- Which files stand on which line: only these can be opened by who reads it, whatever becomes of messages and tickets.
CREATE TABLE visit_files (
    visit BIGINT NOT NULL REFERENCES visits (id) ON DELETE CASCADE,
    place BIGINT NOT NULL,
    attachment BIGINT NOT NULL REFERENCES attachments (id),
    PRIMARY KEY (visit, place, attachment)
);
CREATE INDEX visit_files_by_attachment ON visit_files (attachment);

-- How many, so that lines without any cost no second look.
ALTER TABLE visit_lines ADD COLUMN files BIGINT NOT NULL DEFAULT 0;
