"""What `vaxcert revoke` is given, looked at before it is noted."""
