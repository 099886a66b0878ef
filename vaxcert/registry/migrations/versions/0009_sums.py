"""Sums that are kept beside the records, and which units an import was of"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    # The sums themselves are counted once all migrations are through.
    op.create_table(
        "tally",
        sa.Column("facet", sa.String(length=20), nullable=False),
        sa.Column("district", sa.String(length=80), nullable=False),
        *(sa.Column(name, sa.String(length=80), nullable=False) for name in ("first", "second", "third")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("people", "complete", "doses")),
        sa.PrimaryKeyConstraint("facet", "district", "first", "second", "third", name=op.f("pk_tally")),
    )
    op.create_table(
        "run_site",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("site", sa.String(length=16), nullable=False),
        sa.Column("site_told", sa.String(length=200), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_site_run_id")),
        sa.PrimaryKeyConstraint("run_id", "site", "site_told", name=op.f("pk_run_site")),
    )
    op.create_index(op.f("ix_run_site_site"), "run_site", ["site"])
    op.execute(
        "INSERT INTO run_site (run_id, site, site_told, rows) "
        "SELECT r.run_id, v.site, v.site_told, COUNT(*) FROM source_row r "
        "JOIN run ON run.id = r.run_id AND run.kind = 'import' "
        "JOIN dose_version v ON v.dose_id = r.dose_id AND v.superseded_by IS NULL "
        "GROUP BY r.run_id, v.site, v.site_told"
    )
