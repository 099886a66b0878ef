"""Whether a registry was made for training: people in it are made up, and what protects real ones may rest."""

from __future__ import annotations

from sqlalchemy import func, insert, select

from vaxcert.errors import ConfigurationError, Reason
from vaxcert.registry import audit, schema
from vaxcert.registry.database import Registry

_SETTING, _YES = "training", "1"


def declare(registry: Registry, *, actor: str) -> None:
    """Have an empty registry be one for training, for good. Raises `ConfigurationError` where somebody is in it."""
    with registry.writing() as connection:
        if connection.scalar(select(func.count()).select_from(schema.person)):
            raise ConfigurationError("there are people in the registry already", Reason.NOT_TRAINING)
        connection.execute(insert(schema.setting).values(name=_SETTING, value=_YES))
        audit.record(registry, connection, actor, "declared for training")


def is_for_training(registry: Registry) -> bool:
    """Whether it was declared so while it was empty."""
    query = select(schema.setting.c.value).where(schema.setting.c.name == _SETTING)
    with registry.reading() as connection:
        return connection.scalar(query) == _YES
