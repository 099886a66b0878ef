"""`vaxcert scan`: where scans come from, what hand scanners type, and what a gate remembers."""
