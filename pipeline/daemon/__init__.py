"""What `pressroom run` is: a loop that ticks, and the passes it makes. No pages."""
