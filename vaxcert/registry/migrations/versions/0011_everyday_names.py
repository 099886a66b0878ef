"""What records are found by: i for a y that ends a word, shortened family names, and names that nearly agree anywhere"""

import sqlalchemy as sa
from alembic import context, op

from vaxcert.registry import schema
from vaxcert.registry.records import people
from vaxcert.registry.secrets import Secrets

revision = "0011"
down_revision = "0010"

_AT_ONCE = 5_000


def upgrade() -> None:
    column = sa.Column("home_key", sa.String(length=200), nullable=False, server_default="")
    op.add_column("person_version", column)
    op.create_index("ix_person_version_home_key", "person_version", ["home_key"])
    find_anew(op.get_bind(), context.config.attributes["secrets"])


def find_anew(connection: sa.Connection, secrets: Secrets) -> None:
    """Compute anew what every version is found by; numbers are hashed as they were."""
    table = schema.person_version
    names = ("match_key", "near_key", "home_key")
    change = sa.update(table).where(table.c.id == sa.bindparam("number"))
    change = change.values({name: sa.bindparam(name) for name in names})
    last = 0
    while rows := connection.execute(
        sa.select(table.c.id, *(table.c[name] for name in people.LOOKED_AT))
        .where(table.c.id > last)
        .order_by(table.c.id)
        .limit(_AT_ONCE)
    ).all():
        made = [people.found_anew(dict(row._mapping), secrets) for row in rows]
        keys = [{"number": row.id, **{name: one[name] for name in names}} for row, one in zip(rows, made, strict=True)]
        connection.execute(change, keys)
        last = rows[-1].id
