-- Files with customers, products, orders or parcels that people bring: read, checked as a whole, then taken in part by part.
CREATE TABLE store_tables (
    id {id},
    store BIGINT NOT NULL REFERENCES stores (id),
    name TEXT NOT NULL,
    blob TEXT NOT NULL REFERENCES blobs (hash),
    bytes BIGINT NOT NULL,
    header {json} NOT NULL,
    encoding TEXT NOT NULL,
    plan {json} NOT NULL,
    -- 'new', 'checking', 'checked', 'importing', 'done', 'failed'
    state TEXT NOT NULL DEFAULT 'new',
    -- Raised with each check, so that an older one writes nothing over a newer.
    version BIGINT NOT NULL DEFAULT 1,
    -- What the check found: rows, the things that they say, those of them with faults.
    bytes_read BIGINT NOT NULL DEFAULT 0,
    row_count BIGINT NOT NULL DEFAULT 0,
    things BIGINT NOT NULL DEFAULT 0,
    wrong BIGINT NOT NULL DEFAULT 0,
    fault_count BIGINT NOT NULL DEFAULT 0,
    faults {json} NOT NULL,
    -- Lines on which things begin that are left out.
    wrong_lines {json} NOT NULL,
    leave_out BOOLEAN NOT NULL DEFAULT FALSE,
    -- Rows that are taken in; the next part begins behind them.
    rows_done BIGINT NOT NULL DEFAULT 0,
    taken BIGINT NOT NULL DEFAULT 0,
    kept BIGINT NOT NULL DEFAULT 0,
    left_out BIGINT NOT NULL DEFAULT 0,
    why TEXT,
    created_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX store_tables_by_store ON store_tables (store, id);
CREATE INDEX store_tables_by_age ON store_tables (created_at);

-- How the last table of a kind was read.
CREATE TABLE store_table_plans (
    store BIGINT NOT NULL REFERENCES stores (id),
    holds TEXT NOT NULL,
    plan {json} NOT NULL,
    PRIMARY KEY (store, holds)
);
