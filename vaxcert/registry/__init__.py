"""The records of every unit in one place: people, doses, sites, lots, imports and certificates.

unit's table ─Batch─→ rows → matched to people → versions of people and doses → certificates · look-up · coverage

    from vaxcert.registry import Registry
    with Registry.open("sqlite:///registry.db", key_file="registry.key") as registry:
        report = importing.run(registry, Path("unit.csv"), actor="clerk 3")

A registry stands on SQLite or PostgreSQL. Identity and telephone numbers are in it as keyed hashes and ciphertext
alone; the key is a file of its own.
"""

from vaxcert.registry.database import Registry

__all__ = ["Registry"]
