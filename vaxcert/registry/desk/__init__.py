"""The day at a site: sessions and who is expected, doses recorded, taken back, what happened after them; its sheet."""
