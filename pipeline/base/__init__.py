"""Errors, faults, clock, files and text: knows nothing of posts or mail."""
