"""Which feeds a site has, and their RSS, Atom and JSON bytes."""
