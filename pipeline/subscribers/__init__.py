"""Who reads: addresses, tokens, and the CSV files readers come in."""
