"""Who asked for which signature; requests that wait for a second person; what a program's retry is known by"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "bulk_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("account", sa.String(length=50), nullable=False),
        sa.Column("peer", sa.String(length=26), nullable=False),
        sa.Column("site", sa.String(length=16), nullable=False),
        sa.Column("doses", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decided_at", sa.DateTime()),
        sa.Column("decided_by", sa.String(length=80)),
        sa.PrimaryKeyConstraint("id", name="pk_bulk_request"),
    )
    op.create_index("ix_bulk_request_state", "bulk_request", ["state"])
    op.create_table(
        "signing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("account", sa.String(length=50), nullable=False),
        sa.Column("peer", sa.String(length=26), nullable=False),
        sa.Column("site", sa.String(length=16), nullable=False),
        sa.Column("dose_id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.String(length=72)),
        sa.Column("bulk_id", sa.Integer()),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_signing_run_id"),
        sa.ForeignKeyConstraint(["bulk_id"], ["bulk_request.id"], name="fk_signing_bulk_id"),
        sa.PrimaryKeyConstraint("id", name="pk_signing"),
    )
    for name in ("run_id", "at", "dose_id"):
        op.create_index(f"ix_signing_{name}", "signing", [name])
    op.create_index("ix_signing_account_at", "signing", ["account", "at"])
    op.create_index("ix_signing_site_at", "signing", ["site", "at"])
    op.create_table(
        "retry",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("content", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_retry"),
    )
    op.create_index("ix_retry_at", "retry", ["at"])
