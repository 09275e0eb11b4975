"""What every batch needs on its way out: keys, the ledger, who has left."""
