"""The registry that the portal is to stand on, and whether it may."""

from __future__ import annotations

from portal_app.config import PortalSettings
from vaxcert import ConfigurationError
from vaxcert.errors import Reason
from vaxcert.registry import Registry
from vaxcert.registry.accounts import training


def opened(settings: PortalSettings, registry: Registry | None = None) -> Registry:
    """The registry that the settings name, or the one given.

    Raises `ConfigurationError` where there is none, and for a training portal over one that was not made for it.
    """
    found = registry or Registry.open(settings.db, settings.key)
    if settings.training and not training.is_for_training(found):
        raise ConfigurationError("the registry was not made for training", Reason.NOT_TRAINING)
    return found
