"""Whether a registry was made for training: people in it are made up, and what protects real ones may rest."""

from __future__ import annotations

from sqlalchemy import Connection, func, insert, select

from vaxcert.errors import ConfigurationError, Reason
from vaxcert.issue import Issuer
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
    with registry.reading() as connection:
        return declared(connection)


def declared(connection: Connection) -> bool:
    """As `is_for_training`, in the caller's transaction."""
    query = select(schema.setting.c.value).where(schema.setting.c.name == _SETTING)
    return connection.scalar(query) == _YES


def check_signer(registry: Registry, issuer: Issuer) -> None:
    """Raise `ConfigurationError` where a real key would sign for made-up people: in a registry for training only TEST
    keys do."""
    if not issuer.is_test and is_for_training(registry):
        raise ConfigurationError("a registry for training is signed in by TEST keys alone")
