"""A day at a site: sessions, who is expected, what a desk recorded, adverse events; doses counted by lot and site"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "desk_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("product", sa.String(length=80), nullable=False),
        sa.Column("lot", sa.String(length=40), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("opened_by", sa.String(length=80), nullable=False),
        sa.Column("closed_at", sa.DateTime()),
        sa.Column("closed_by", sa.String(length=80)),
        sa.ForeignKeyConstraint(["site"], ["site.code"], name="fk_desk_session_site"),
        sa.ForeignKeyConstraint(["lot"], ["lot.number"], name="fk_desk_session_lot"),
        sa.PrimaryKeyConstraint("id", name="pk_desk_session"),
    )
    op.create_index("ix_desk_session_site_day", "desk_session", ["site", "day"])
    op.create_table(
        "attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.String(length=32), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("added_by", sa.String(length=80), nullable=False),
        sa.Column("checked_in_at", sa.DateTime()),
        sa.Column("checked_in_by", sa.String(length=80)),
        sa.ForeignKeyConstraint(["session_id"], ["desk_session.id"], name="fk_attendance_session_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_attendance_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_attendance"),
        sa.UniqueConstraint("request_id", name="uq_attendance_request_id"),
        sa.UniqueConstraint("session_id", "person_id", name="uq_attendance_session_person"),
    )
    op.create_index("ix_attendance_session_id", "attendance", ["session_id"])
    op.create_index("ix_attendance_person_id", "attendance", ["person_id"])
    op.create_table(
        "desk_entry",
        sa.Column("request_id", sa.String(length=32), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer()),
        sa.Column("dose_id", sa.Integer()),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("content", sa.String(length=32), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("override", sa.String(length=200), nullable=False, server_default=""),
        sa.Column("shown_to", sa.String(length=80), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_desk_entry_run_id"),
        sa.ForeignKeyConstraint(["session_id"], ["desk_session.id"], name="fk_desk_entry_session_id"),
        sa.ForeignKeyConstraint(["dose_id"], ["dose.id"], name="fk_desk_entry_dose_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("request_id", name="pk_desk_entry"),
    )
    for name in ("run_id", "session_id", "dose_id"):
        op.create_index(f"ix_desk_entry_{name}", "desk_entry", [name])
    op.create_table(
        "adverse_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dose_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("serious", sa.Boolean(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("details", sa.LargeBinary()),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.Column("noted_by", sa.String(length=80), nullable=False),
        sa.Column("request_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["dose_id"], ["dose.id"], name="fk_adverse_event_dose_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_adverse_event"),
        sa.UniqueConstraint("request_id", name="uq_adverse_event_request_id"),
    )
    op.create_index("ix_adverse_event_dose_id", "adverse_event", ["dose_id"])
    op.create_index("ix_dose_version_lot_site", "dose_version", ["lot", "site"])
