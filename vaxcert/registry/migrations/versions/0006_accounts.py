"""Accounts, their roles, who is signed in, programs' tokens, and why somebody was shown a person of other sites"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=32), nullable=False),
        sa.Column("display_name", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=254)),
        sa.Column("site", sa.String(length=16)),
        sa.Column("area", sa.String(length=80), nullable=False, server_default=""),
        sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("password_hash", sa.String(length=200)),
        sa.Column("must_change", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("totp", sa.LargeBinary()),
        sa.Column("totp_counter", sa.BigInteger()),
        sa.Column("session_mark", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("locked_until", sa.DateTime()),
        sa.Column("pin_hash", sa.String(length=200)),
        sa.Column("pin_day", sa.Date()),
        sa.Column("pin_failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("signed_in_at", sa.DateTime()),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["site.code"], name="fk_account_site"),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("login", name="uq_account_login"),
        sa.UniqueConstraint("session_mark", name="uq_account_session_mark"),
    )
    op.create_index("ix_account_site", "account", ["site"])
    op.create_table(
        "account_role",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_account_role_account_id"),
        sa.PrimaryKeyConstraint("account_id", "role", name="pk_account_role"),
    )
    op.create_table(
        "screen_session",
        sa.Column("number_hash", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_screen_session_account_id"),
        sa.PrimaryKeyConstraint("number_hash", name="pk_screen_session"),
    )
    op.create_index("ix_screen_session_account_id", "screen_session", ["account_id"])
    op.create_table(
        "access_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime()),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_access_token_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_access_token"),
        sa.UniqueConstraint("token_hash", name="uq_access_token_token_hash"),
    )
    op.create_index("ix_access_token_account_id", "access_token", ["account_id"])
    op.create_table(
        "access_reason",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_access_reason_account_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_access_reason_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_access_reason"),
    )
    op.create_index("ix_access_reason_person_id", "access_reason", ["person_id"])
    op.create_index("ix_access_reason_account_id_day", "access_reason", ["account_id", "day"])
