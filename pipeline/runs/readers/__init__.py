"""What readers do and are sent: joining, choosing, leaving, letters, lists."""
