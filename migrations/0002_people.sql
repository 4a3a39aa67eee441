-- Shops, and the people who work for them.
CREATE TABLE shops (
    id {id},
    name TEXT NOT NULL,
    -- The shop's site, such as fjellvik.example.
    address TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL DEFAULT 'en',
    currency TEXT NOT NULL DEFAULT 'EUR',
    undo_seconds BIGINT NOT NULL DEFAULT 10,
    reopen_days BIGINT NOT NULL DEFAULT 7,
    -- HTML under every answer, where the inbox and the agent have none.
    signature TEXT,
    created_at BIGINT NOT NULL
);

CREATE TABLE agents (
    id {id},
    shop BIGINT NOT NULL REFERENCES shops (id),
    -- In lower case.
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    -- argon2id in PHC form; NULL until an invitation is accepted.
    password TEXT,
    language TEXT NOT NULL DEFAULT 'en',
    signature TEXT,
    prefs {json} NOT NULL,
    active BOOLEAN NOT NULL DEFAULT TRUE,
    created_at BIGINT NOT NULL,
    seen_at BIGINT
);

CREATE TABLE teams (
    id {id},
    shop BIGINT NOT NULL REFERENCES shops (id),
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (shop, name)
);

CREATE TABLE team_members (
    team BIGINT NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    agent BIGINT NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    PRIMARY KEY (team, agent)
);
CREATE INDEX team_members_by_agent ON team_members (agent);

CREATE TABLE sessions (
    id {id},
    -- SHA-256 of the cookie.
    secret TEXT NOT NULL UNIQUE,
    -- The cookie before the last rotation, good for a moment longer, for requests under way.
    former TEXT,
    agent BIGINT NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    ip TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    rotated_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_agent ON sessions (agent);
CREATE INDEX sessions_by_former ON sessions (former);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE tokens (
    id {id},
    name TEXT NOT NULL,
    -- SHA-256 of the token.
    secret TEXT NOT NULL UNIQUE,
    scopes {json} NOT NULL,
    agent BIGINT REFERENCES agents (id),
    created_at BIGINT NOT NULL,
    used_at BIGINT,
    revoked_at BIGINT
);

CREATE TABLE invitations (
    id {id},
    email TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    role TEXT NOT NULL,
    teams {json} NOT NULL,
    secret TEXT NOT NULL UNIQUE,
    invited_by BIGINT REFERENCES agents (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    accepted_at BIGINT
);

CREATE TABLE password_resets (
    id {id},
    agent BIGINT NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    secret TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);

-- Tries that are limited: sign-ins that failed, resets asked for. The subject is a hash of the address, of where it came
-- from, or of both: people type passwords into the wrong field.
CREATE TABLE attempts (
    subject TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX attempts_by_subject ON attempts (subject, at);
CREATE INDEX attempts_by_age ON attempts (at);
