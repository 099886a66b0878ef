"""What people do about records: decide questions, correct, search, hand out, delete."""
