"""What a cell's text means: days, doses, products, names and numbers as people write them.

Each is a function from a text to a value; what cannot be read raises an `InputError` with the true reason, and
nothing is guessed. What a whole table decides (day or month first, whose zone) is in a `Reading`.
"""
