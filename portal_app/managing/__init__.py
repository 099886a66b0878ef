"""What a manager reads: counts, and nobody's name; and what an administrator has to see to."""
