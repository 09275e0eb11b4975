-- Since when a post's file is gone; NULL while it is there.
ALTER TABLE posts ADD COLUMN absent_since INTEGER;
