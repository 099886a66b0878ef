"""The routes in the portal: accounts of programs by their tokens, the desk's recording, the portal's signer."""

from __future__ import annotations

from flask import Blueprint, Request

from portal_app import access
from portal_app.api.routes import Integrator, blueprint
from vaxcert.errors import Reason, UnreachableError
from vaxcert.registry import Registry
from vaxcert.registry.accounts import places
from vaxcert.registry.desk.entering import record
from vaxcert.signer.protocol import SignedDose


class PortalSigner:
    """The signer that the settings name; where they name none it is away."""

    def sign(self, dose: int, *, account: str, site: str = "") -> SignedDose:
        """The certificate of a dose. Raises `VaxcertError`."""
        signer = access.signer()
        if signer is None:
            raise UnreachableError("no signer is set up", Reason.SIGNER_AWAY)
        return signer.sign(dose, account=account, site=site)


def mounted(registry: Registry) -> Blueprint:
    """The routes over a registry. Whose token it is was found out before: each of them is for programs."""

    def authenticate(_: Request) -> Integrator | None:
        account = access.somebody()
        if account is None:
            return None
        with registry.reading() as connection:
            return Integrator(account.actor, places.sites_of(connection, account))

    return blueprint(registry, PortalSigner(), authenticate, record)
