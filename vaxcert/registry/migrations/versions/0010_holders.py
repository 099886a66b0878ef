"""Codes that holders find their certificates by, what they say is wrong, and how often something was looked up"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "holder_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("closed_at", sa.DateTime()),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_holder_code_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holder_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_holder_code_code_hash")),
    )
    op.create_index(op.f("ix_holder_code_person_id"), "holder_code", ["person_id"])
    op.create_table(
        "holder_ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("ticket_hash", sa.String(length=32), nullable=False),
        sa.Column("certificate_id", sa.String(length=72), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("outcome", sa.String(length=20), server_default="", nullable=False),
        sa.Column("answer", sa.LargeBinary()),
        sa.Column("answered_at", sa.DateTime()),
        sa.Column("answered_by", sa.String(length=80)),
        sa.Column("closed_at", sa.DateTime()),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_holder_ticket_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holder_ticket")),
        sa.UniqueConstraint("ticket_hash", name=op.f("uq_holder_ticket_ticket_hash")),
        sqlite_autoincrement=True,
    )
    for name in ("person_id", "state"):
        op.create_index(op.f(f"ix_holder_ticket_{name}"), "holder_ticket", [name])
    op.create_table(
        "lookup_count",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "outcome", name=op.f("pk_lookup_count")),
    )
