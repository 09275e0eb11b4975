-- A letter stays in the store until a relay has claimed its batch: whoever leaves before
-- that has it withdrawn.
ALTER TABLE letters ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0;
ALTER TABLE letter_batches ADD COLUMN handed INTEGER NOT NULL DEFAULT 0;
