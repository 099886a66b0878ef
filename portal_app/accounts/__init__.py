"""Accounts on screen: signing in, one's own account, changing accounts by PIN, and what administrators do."""
