"""What the owner of the site is told: by status, by letters, by alerts."""
