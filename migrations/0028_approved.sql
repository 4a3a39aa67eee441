-- What somebody approved today counts among what they gave away.
CREATE INDEX order_actions_by_decider ON order_actions (decided_by, decided_at) WHERE decided_by IS NOT NULL;

-- Whether whoever asked for a return had shown that the order is theirs. A link that was passed on shows nobody's address.
ALTER TABLE returns ADD COLUMN proved BOOLEAN NOT NULL DEFAULT TRUE;
