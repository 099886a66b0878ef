"""Whether a genuine certificate is good enough at a place, today: policies of places, and countries' rules."""
