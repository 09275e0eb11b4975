"""Copies of what cannot be made again, and what one of them has forgotten."""
