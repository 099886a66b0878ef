"""Flask-Security as it is used here: login name and password, then an authenticator's code.

Not used of it: roles, e-mail, registration, recovery by the user, tokens, JSON; its pages for those answer 404.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from flask import Flask, session
from flask_login import user_logged_out
from flask_security import (
    LoginForm,
    Security,
    Totp,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    UserMixin,
    user_authenticated,
)
from flask_security.forms import ChangePasswordForm, Form
from markupsafe import Markup
from passlib.exc import UsedTokenError
from wtforms import HiddenField, StringField

from portal_app.access import Need, Open, declare
from portal_app.accounts import today
from portal_app.accounts.models import AUTHENTICATOR, Accounts, User
from portal_app.config import PortalSettings
from vaxcert.qr import write
from vaxcert.registry import Registry
from vaxcert.registry.accounts import entering, hashing
from vaxcert.registry.accounts.actions import Action

# Of its pages, who may see them. One that a later version adds has to be decided about before anything starts.
PAGES: dict[str, Need] = {
    "security.login": Open.TO_STRANGERS,
    "security.logout": Action.OWN,
    "security.change_password": Action.OWN,
    # It knows by the session who gave the password.
    "security.two_factor_setup": Open.TO_STRANGERS,
    "security.two_factor_token_validation": Open.TO_STRANGERS,
    # An administrator alone gives a new authenticator.
    "security.two_factor_setup_validate": Open.TO_NOBODY,
    "security.two_factor_rescue": Open.TO_NOBODY,
    "security.tf_select": Open.TO_NOBODY,
    "security.static": Open.TO_NOBODY,
}
# Seconds that a telephone's clock may be off, either way.
_OFF = 30


class SignIn(LoginForm):
    """Login name and password. Of an account that is locked the password is not looked at, and that is not told."""

    # WTForms takes a field out where a form says None.
    email = None  # type: ignore[assignment]
    remember = None  # type: ignore[assignment]
    username = StringField(render_kw={"autocomplete": "username"})

    def validate(self, **kwargs: Any) -> bool:
        """Whether they are right; sets `user`."""
        from flask_security.proxies import _datastore

        found = _datastore.find_user(username=self.username.data or "")
        self.ifield, self.user = self.username, found
        if found is not None and found.is_locked():
            # As long as a password that is looked at.
            hashing.hashed(self.password.data or "")
            return False
        return bool(super().validate(**kwargs))


class SetUp(TwoFactorSetupForm):
    """The one method there is; the library's own field offers four."""

    setup = HiddenField()  # type: ignore[assignment]
    phone = None  # type: ignore[assignment]

    def validate(self, **kwargs: Any) -> bool:
        """Whether it is that one."""
        return bool(Form.validate(self, **kwargs)) and self.setup.data == AUTHENTICATOR


class Code(TwoFactorVerifyCodeForm):
    """An authenticator's code; wrong ones count as wrong passwords do."""

    def validate(self, **kwargs: Any) -> bool:
        """Whether it is right, and nobody is locked out."""
        return self.user is not None and not self.user.is_locked() and bool(super().validate(**kwargs))


class NewPassword(ChangePasswordForm):
    """The password and a new one, twice; wrong ones count as when signing in."""

    def validate(self, **kwargs: Any) -> bool:
        """Whether all three are right."""
        from flask_security import current_user

        if current_user.is_locked():
            return False
        good = bool(super().validate(**kwargs))
        if self.password.errors and self.password.data:
            current_user.track_failed_authn("password")
        return good


class TotpCodes(Totp):
    """Authenticators' codes (RFC 6238), each of which is taken once."""

    def get_last_counter(self, user: UserMixin) -> int | None:
        """The last code's that was taken."""
        return cast("User", user).account.totp_counter

    def set_last_counter(self, user: UserMixin, tmatch: Any) -> None:
        """Take a code, unless another request took it meanwhile."""
        if not entering.take_code(cast("User", user).registry, user.id, tmatch.counter):
            raise UsedTokenError

    def generate_qrcode(self, username: str, totp: str) -> str:
        """The code that a telephone scans: a drawing in the page itself, as no other address may be loaded."""
        # Drawn by this package from a text of its own.
        return Markup(write(self.get_totp_uri(username, totp), level="M").svg())  # noqa: S704


def install(app: Flask, registry: Registry, settings: PortalSettings) -> None:
    """Set the library up, and say who may see its pages."""
    secret = registry.secrets.hash
    app.config.update(
        SECURITY_PASSWORD_SALT=secret("portal", "salt"),
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106  (a name)
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_DEPRECATED_PASSWORD_SCHEMES=[],
        # As `hashing` does it: the salt is in the hash.
        SECURITY_PASSWORD_SINGLE_HASH={"argon2"},
        SECURITY_PASSWORD_LENGTH_MIN=hashing.SHORTEST_PASSWORD,
        SECURITY_USER_IDENTITY_ATTRIBUTES=[{"username": {"mapper": str, "case_insensitive": True}}],
        SECURITY_TWO_FACTOR=True,
        SECURITY_TWO_FACTOR_REQUIRED=not settings.training,
        SECURITY_TWO_FACTOR_ENABLED_METHODS=[AUTHENTICATOR],
        SECURITY_TWO_FACTOR_ALWAYS_VALIDATE=True,
        SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY=_OFF,
        SECURITY_TWO_FACTOR_RESCUE_EMAIL=False,
        SECURITY_TOTP_SECRETS={"1": secret("portal", "totp")},
        SECURITY_TOTP_ISSUER="vaxcert",
        SECURITY_CHANGEABLE=True,
        SECURITY_CHANGE_URL="/own/password",
        SECURITY_LOGIN_URL="/sign-in",
        SECURITY_LOGOUT_URL="/sign-out",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_TWO_FACTOR_SETUP_URL="/sign-in/authenticator",
        SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL="/sign-in/code",  # noqa: S106  (an address)
        SECURITY_POST_LOGIN_VIEW="pages.home",
        SECURITY_POST_LOGOUT_VIEW="security.login",
        SECURITY_POST_CHANGE_VIEW="pages.home",
        SECURITY_LOGIN_USER_TEMPLATE="accounts/sign_in.html",
        SECURITY_TWO_FACTOR_VERIFY_CODE_TEMPLATE="accounts/code.html",
        SECURITY_TWO_FACTOR_SETUP_TEMPLATE="accounts/authenticator.html",
        SECURITY_CHANGE_PASSWORD_TEMPLATE="accounts/password.html",  # noqa: S106  (a file)
        # No page of it wants a password again: what would need it is an administrator's.
        SECURITY_FRESHNESS=timedelta(minutes=-1),
        SECURITY_API_ENABLED_METHODS=["session"],
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_SEND_PASSWORD_CHANGE_EMAIL=False,
    )
    security = Security(
        app,
        Accounts(registry),
        login_form=SignIn,
        two_factor_setup_form=SetUp,
        two_factor_verify_code_form=Code,
        change_password_form=NewPassword,
        totp_cls=TotpCodes,
    )
    # Its answers for programs hold more than pages do.
    security.want_json(lambda _: False)
    # Nobody is known but by the session's cookie; the library would look for a token in each body, too.
    app.login_manager.request_loader(lambda _: None)  # type: ignore[attr-defined]
    declare(app, PAGES, "security.")

    def entered(_: Flask, user: User, authn_via: list[str] | None = None, **__: Any) -> None:
        how = (authn_via or ["code"])[0]
        if how != "change":
            entering.entered(registry, user.id, how)
        session.permanent = True
        session.pop("seen", None)
        if how != "pin":
            today.remember(registry, user.fs_uniquifier)

    def gone(_: Flask, user: User, **__: Any) -> None:
        if user.is_authenticated:
            entering.left(registry, user.account)

    user_authenticated.connect(entered, app, weak=False)
    user_logged_out.connect(gone, app, weak=False)
