"""All that a row may say of a dose: where it was given and by whom, and codes that no list has; people by birth date; trial certificates"""

from alembic import context, op
import sqlalchemy as sa

from vaxcert.registry import schema
from vaxcert.registry.records import people
from vaxcert.registry.secrets import Secrets

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for name, length in (("prophylaxis", 80), ("holder", 80), ("country", 2), ("issuer", 80)):
        op.add_column("dose_version", sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
    op.create_index("ix_person_version_date_of_birth", "person_version", ["date_of_birth"])
    op.add_column("certificate", sa.Column("test", sa.Boolean(), nullable=False, server_default=sa.false()))
    find_anew(op.get_bind(), context.config.attributes["secrets"])


def find_anew(connection: sa.Connection, secrets: Secrets) -> None:
    """The first version compared names and numbers otherwise."""
    table = schema.person_version
    names = ("match_key", "near_key", *people.NUMBERS)
    change = (
        sa.update(table)
        .where(table.c.id == sa.bindparam("number"))
        .values({name: sa.bindparam(name) for name in names})
    )
    # The columns that there were by then, and no others.
    columns = [table.c[name] for name in ("id", *people.LOOKED_AT)]
    rows = connection.execute(sa.select(*columns).order_by(table.c.id)).all()
    if rows:
        made = [people.found_anew(dict(row._mapping), secrets) for row in rows]
        keys = [{"number": row.id, **{name: one[name] for name in names}} for row, one in zip(rows, made, strict=True)]
        connection.execute(change, keys)
