-- The house itself: log, jobs, files, keys of things done once.
CREATE TABLE events (
    seq {id},
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    data {json} NOT NULL,
    ticket BIGINT,
    customer BIGINT,
    actor TEXT NOT NULL,
    actor_id BIGINT,
    cause BIGINT
);
CREATE INDEX events_by_ticket ON events (ticket, seq);
CREATE INDEX events_by_customer ON events (customer, seq);

CREATE TABLE cursors (
    listener TEXT PRIMARY KEY,
    seq BIGINT NOT NULL
);

CREATE TABLE jobs (
    id {id},
    name TEXT NOT NULL,
    lane BIGINT NOT NULL,
    args {json} NOT NULL,
    -- When it is due; while it is worked on, when its claim ends.
    run_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    last_error TEXT,
    dead_at BIGINT
);
CREATE INDEX jobs_due ON jobs (lane, run_at, id) WHERE dead_at IS NULL;
CREATE INDEX jobs_dead ON jobs (dead_at) WHERE dead_at IS NOT NULL;

CREATE TABLE blobs (
    hash TEXT PRIMARY KEY,
    size BIGINT NOT NULL,
    -- NULL: the bytes are a file.
    body {bytes},
    created_at BIGINT NOT NULL
);

CREATE TABLE idempotency (
    caller TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status BIGINT NOT NULL,
    -- Encrypted.
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (caller, key)
);
CREATE INDEX idempotency_by_age ON idempotency (created_at);
