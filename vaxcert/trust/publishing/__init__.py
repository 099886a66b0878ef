"""The publisher's side: which keys are published and what is revoked, signed for any web server or USB stick."""
