"""All that a row may say of a dose: where it was given and by whom, and codes that no list has; people by birth date; trial certificates"""

from alembic import op
import sqlalchemy as sa

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for name, length in (("prophylaxis", 80), ("holder", 80), ("country", 2), ("issuer", 80)):
        op.add_column("dose_version", sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
    op.create_index("ix_person_version_date_of_birth", "person_version", ["date_of_birth"])
    op.add_column("certificate", sa.Column("test", sa.Boolean(), nullable=False, server_default=sa.false()))
