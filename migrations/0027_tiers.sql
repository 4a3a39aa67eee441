-- From where the shop knows how loyal a customer is: one of its own fields, or tags that stand for tiers, the best first.
ALTER TABLE shops ADD COLUMN tier_attribute TEXT;
ALTER TABLE shops ADD COLUMN tier_tags {json};
