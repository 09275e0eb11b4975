"""What the owner may set, and the reading of it from config.yaml."""
