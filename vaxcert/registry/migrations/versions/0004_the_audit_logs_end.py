"""The end of the audit log sealed with the registry's key"""

import sqlalchemy as sa
from alembic import context, op

from vaxcert.registry import audit

revision = "0004"
down_revision = "0003"

_LOG = sa.table("audit", sa.column("id", sa.Integer()), sa.column("hash", sa.String()))


def upgrade() -> None:
    connection = op.get_bind()
    last = connection.execute(sa.select(_LOG).order_by(_LOG.c.id.desc()).limit(1)).first()
    count, digest = (last.id, last.hash) if last else (0, "0" * 64)
    audit.seal(context.config.attributes["secrets"], connection, count, digest)
