-- Texts that agents keep ready. One is everybody's, a team's, or one agent's own.
CREATE TABLE canned_answers (
    id {id},
    -- NULL for all shops.
    shop BIGINT REFERENCES shops (id),
    -- Whose own it is; NULL where it is shared.
    agent BIGINT REFERENCES agents (id) ON DELETE CASCADE,
    -- Who sees a shared one; NULL for everybody.
    team BIGINT REFERENCES teams (id) ON DELETE SET NULL,
    name TEXT NOT NULL,
    shortcut TEXT NOT NULL,
    language TEXT,
    html TEXT NOT NULL,
    text TEXT NOT NULL,
    -- The words by which it is found, folded, each with a blank before it.
    by_shortcut TEXT NOT NULL,
    by_name TEXT NOT NULL,
    by_text TEXT NOT NULL,
    used BIGINT NOT NULL DEFAULT 0,
    used_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX canned_answers_once
    ON canned_answers (shortcut, COALESCE(language, ''), COALESCE(agent, 0), COALESCE(shop, 0));

-- How the shop speaks. Both objects have languages for keys: the words with which a letter begins, and how shoppers are
-- addressed; the tone is a guide for the shop's own people.
ALTER TABLE shops ADD COLUMN greeting {json};
ALTER TABLE shops ADD COLUMN address_forms {json};
ALTER TABLE shops ADD COLUMN tone TEXT;

-- How many chats an agent is given at once; NULL where the inbox says so.
ALTER TABLE agents ADD COLUMN chat_capacity BIGINT;
