"""The records of every unit in one place: people, doses, sites, lots, imports and certificates.

unit's table ─Table→ rows → matched to people → versions of people and doses → certificates · look-up · coverage

    >>> from pathlib import Path
    >>> from vaxcert.registry import Registry
    >>> from vaxcert.registry.intake import importing
    >>> with Registry.open("sqlite:///registry.db", key_file=Path("registry.key")) as registry:
    ...     report = importing.run(registry, Path("unit.csv"), actor="clerk 3")
    >>> report.counts
    {'new': 1, 'rejected': 0}

A registry stands on SQLite or PostgreSQL. Identity and telephone numbers are in it as keyed hashes and ciphertext
alone; the key is a file of its own.
"""

from vaxcert.registry.database import Registry

__all__ = ["Registry"]
