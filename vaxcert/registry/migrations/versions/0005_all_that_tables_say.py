"""What tables say besides: sex to occupation, groups and sites that have no code; how an import was understood; rejects to mend"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

PERSON = (
    ("sex", 40),
    ("nationality", 80),
    ("commune", 80),
    ("guardian", 160),
    ("occupation", 200),
    ("group_told", 300),
)


def upgrade() -> None:
    for name, length in PERSON:
        op.add_column("person_version", sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
    for name in ("address", "insurance_number", "other_phones"):
        op.add_column("person_version", sa.Column(name, sa.LargeBinary()))
    op.add_column("dose_version", sa.Column("site_told", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("run", sa.Column("understood", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("reject", sa.Column("dose", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("reject", sa.Column("more", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("reject", sa.Column("cells", sa.LargeBinary()))
    for name in ("whose", "national_id_hash"):
        op.add_column("reject", sa.Column(name, sa.String(length=32)))
        op.create_index(f"ix_reject_{name}", "reject", [name])
