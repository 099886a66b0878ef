"""What units send: their exports, row by row, and the lists of sites, lots, targets and groups."""
