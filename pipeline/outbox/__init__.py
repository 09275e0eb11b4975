"""Batches of messages on disk: staged, published, claimed, recovered."""
