"""Pictures: how large they are, and copies of them that mail clients show."""
