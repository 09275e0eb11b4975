"""The command `pressroom`: one module a group of commands."""
