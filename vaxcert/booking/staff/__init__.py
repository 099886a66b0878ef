"""What the registry's side and the desk do with bookings: offer, receive, settle, remind, delete. It has both keys."""
