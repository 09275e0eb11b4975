"""From posts that are news to the batches of an issue: listed, opened, frozen, sent."""
