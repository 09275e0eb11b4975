"""How programs write their lists of subscribers: a module for each of them."""
