"""`python -m vaxcert`."""

from vaxcert.cli import main

main()
