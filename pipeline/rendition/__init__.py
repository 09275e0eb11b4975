"""A post's tree for one target: feed, mail or plain text."""
