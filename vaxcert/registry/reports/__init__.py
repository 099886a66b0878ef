"""What a manager or a unit is told: coverage and its charts, what is to be asked for, and stock."""
