"""For clinics, holders and managers: pages and an interface for programs, over the registry; without a signing key."""
