"""The registry that the portal is to stand on, and whether it may."""

from __future__ import annotations

from portal_app.config import PortalSettings
from vaxcert import ConfigurationError
from vaxcert.errors import NotFoundError, Reason
from vaxcert.registry import Registry, resetting
from vaxcert.registry.accounts import training
from vaxcert.signer.client import SignerClient


def signer_of(settings: PortalSettings) -> SignerClient | None:
    """Who signs for the portal, where the settings name somebody; whether it is there is found out when it is asked."""
    return None if settings.signer is None else SignerClient(settings.signer)


def opened(settings: PortalSettings, registry: Registry | None = None) -> Registry:
    """The registry that the settings name, or the one given.

    Raises `ConfigurationError` where there is none, for a training portal over one that was not made for it, and where
    one is to be put back every night that may not be, or to a copy that is not there.
    """
    found = registry or Registry.open(settings.db, settings.key)
    if settings.training and not training.is_for_training(found):
        raise ConfigurationError("the registry was not made for training", Reason.NOT_TRAINING)
    if settings.snapshot is not None:
        if not settings.training:
            raise ConfigurationError(
                "snapshot: it is in training alone that a registry is put back", Reason.NOT_TRAINING
            )
        if not settings.snapshot.is_file():
            raise NotFoundError(f"{settings.snapshot}: there is no such copy of the registry")
        resetting.check(found)
    return found
