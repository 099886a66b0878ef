"""A verifier's copy of what is published: fetched, checked, switched to in one step, and opened without a network."""
