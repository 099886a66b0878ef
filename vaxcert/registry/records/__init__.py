"""Who and what is on record: people and doses as of now, their versions, and whom a record is of."""
