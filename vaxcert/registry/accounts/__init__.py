"""Who uses the registry from a screen or a program: accounts, what each may do, and whose names each is shown."""
