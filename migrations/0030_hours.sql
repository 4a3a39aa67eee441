-- When somebody is there: schedules, what each said at which time, and who goes by which since when. Nothing here is ever
-- rewritten: what ran under an older version is counted by that one.
CREATE TABLE schedules (
    id {id},
    shop BIGINT NOT NULL REFERENCES shops (id),
    name TEXT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    -- It is not offered any more. What it said stays.
    deleted_at BIGINT
);
CREATE INDEX schedules_by_shop ON schedules (shop, id) WHERE deleted_at IS NULL;

CREATE TABLE schedule_versions (
    schedule BIGINT NOT NULL REFERENCES schedules (id),
    version BIGINT NOT NULL,
    valid_from BIGINT NOT NULL,
    data {json} NOT NULL,
    PRIMARY KEY (schedule, version)
);

CREATE TABLE schedule_uses (
    id {id},
    shop BIGINT NOT NULL REFERENCES shops (id),
    -- 0 is the shop itself. A team may be gone while what it went by is still counted.
    team BIGINT NOT NULL,
    -- None: a shop that is always open, a team that goes by the shop's.
    schedule BIGINT REFERENCES schedules (id),
    valid_from BIGINT NOT NULL
);
CREATE INDEX schedule_uses_by_team ON schedule_uses (shop, team, id);
