"""Keys that sign: made, rotated, and used from a file or a token."""
