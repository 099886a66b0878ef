"""What a holder asks of the registry: their certificate, by a code of theirs; and that something in it is wrong."""
