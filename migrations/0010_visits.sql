-- What visitors leave behind for when they are away.

-- Where to write when they have gone. Merely said, so it proves nothing.
ALTER TABLE visits ADD COLUMN email TEXT;
-- Until when they were on the shop's pages, as far as is known; some minutes behind while they are there.
ALTER TABLE visits ADD COLUMN here_at BIGINT NOT NULL DEFAULT 0;
-- Up to which line they were written to by mail, when last, and when the next look at it is due; NULL where none is.
ALTER TABLE visits ADD COLUMN mailed_to BIGINT NOT NULL DEFAULT 0;
ALTER TABLE visits ADD COLUMN mailed_at BIGINT;
ALTER TABLE visits ADD COLUMN away_at BIGINT;

-- Said by mail while they were away, in either direction: nobody needs to be written to about it.
ALTER TABLE visit_lines ADD COLUMN by_mail BOOLEAN NOT NULL DEFAULT FALSE;

-- The mails that went after visitors who had left, each with the lines it holds: after one place, up to another.
CREATE TABLE visit_mails (
    message BIGINT PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
    visit BIGINT NOT NULL REFERENCES visits (id) ON DELETE CASCADE,
    -- As identities are compared.
    address TEXT NOT NULL,
    after_place BIGINT NOT NULL,
    to_place BIGINT NOT NULL
);
CREATE INDEX visit_mails_by_visit ON visit_mails (visit);
CREATE INDEX visit_mails_by_address ON visit_mails (address);

-- What they answered to the questions before the chat, until it stands in their ticket.
ALTER TABLE visits ADD COLUMN answers {json};

-- When they had the conversation sent to them by mail.
ALTER TABLE visits ADD COLUMN transcript_at BIGINT;

-- When its reader has seen it, where that is known.
ALTER TABLE messages ADD COLUMN read_at BIGINT;

-- The page they are on, by their consent: known while they are there, and forgotten when they have gone.
ALTER TABLE visits ADD COLUMN page_url TEXT;
ALTER TABLE visits ADD COLUMN page_title TEXT;
ALTER TABLE visits ADD COLUMN page_since BIGINT;
ALTER TABLE visits ADD COLUMN cart_value BIGINT;
ALTER TABLE visits ADD COLUMN cart_currency TEXT;
-- Since when they are on the shop's pages, and when the next look at whether they are is due.
ALTER TABLE visits ADD COLUMN here_since BIGINT;
ALTER TABLE visits ADD COLUMN page_forget_at BIGINT;
CREATE INDEX visits_on_pages ON visits (here_at) WHERE page_url IS NOT NULL;

-- When an agent was last given a chat.
ALTER TABLE agents ADD COLUMN chat_at BIGINT;
