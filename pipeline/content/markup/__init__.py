"""Markdown and HTML into the tree of `content.tree`; `parse.parse_body` is the door."""
