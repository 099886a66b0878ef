"""What commands that read offices' tables share: how a table is to be read, and how it is understood."""
