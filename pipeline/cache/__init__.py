"""Results kept on disk, that may be deleted at any time."""
