"""What is shipped for operators starts, and says what the guide says."""

import re
from pathlib import Path

import msgspec

from vaxcert.signer.limits import SigningLimits
from vaxcert.signer.settings import SignerSettings, load

ROOT = Path(__file__).parents[2]
UNIT = (ROOT / "deploy" / "vaxcert-signer.service").read_text("utf-8")


def test_the_shipped_settings_are_taken_and_their_limits_are_those_without_any() -> None:
    found = load(ROOT / "deploy" / "signer.toml")
    assert found.limits == SigningLimits()
    plain = {field.name: field.default for field in msgspec.structs.fields(SignerSettings)}
    assert (found.days, found.renew_within) == (plain["days"], plain["renew_within"])
    assert str(found.socket).startswith(f"/run/{re.findall(r'^RuntimeDirectory=(.*)$', UNIT, re.MULTILINE)[0]}/")
    assert str(found.log).startswith(f"/var/lib/{re.findall(r'^StateDirectory=(.*)$', UNIT, re.MULTILINE)[0]}/")


def test_the_signers_user_is_not_the_portals_and_the_system_can_tell_who_asks() -> None:
    found = load(ROOT / "deploy" / "signer.toml")
    (user,) = re.findall(r"^User=(.*)$", UNIT, re.MULTILINE)
    assert user not in found.peers
    assert user not in found.approvers
    assert not set(found.peers) & set(found.approvers)
    # In a namespace of users of its own every peer would look like nobody.
    assert not re.search(r"^PrivateUsers=", UNIT, re.MULTILINE)
    assert re.findall(r"^SupplementaryGroups=(.*)$", UNIT, re.MULTILINE) == [found.group]


def test_every_setting_is_explained_where_settings_are_made() -> None:
    from vaxcert.signer import settings

    told = re.findall(r"^([a-z_]+) +\S", (settings.__doc__ or "").partition("\n\n")[2], re.MULTILINE)
    assert sorted(told) == sorted(SignerSettings.__struct_fields__)
