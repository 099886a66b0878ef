"""Publishing keys and revocations: a folder for any web server or USB stick, signed as The Update Framework says.

workspace/                       private; the folder that is published can always be written anew from it
    publisher.json               environment, times, the last version of each role
    certificates/                what is published: *.crt, with *.json beside for what a certificate does not say
    pending/                     what is to be revoked or reinstated by the next publication, in order
    lists/                       what is revoked, by publication;   reinstated.json
    rules/                       policies and rule sets, published beside the keys
    pages/                       what is revoked, as pages without a server have it: a base, and what each day changed
    metadata/                    every root that ever was
    roles/                       keys of targets, snapshot and timestamp, encrypted
    root/                        keys of root, encrypted: to be kept elsewhere, and needed for rotation alone
    root.json                    the first root: what verifiers are given once, by hand
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from tuf.api.exceptions import UnsignedMetadataError
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp

from vaxcert import files
from vaxcert.errors import ConfigurationError, DamagedError, NotFoundError, Reason
from vaxcert.issuelog import iso
from vaxcert.trust.keys import TrustedKey
from vaxcert.trust.own.authority import MIN_PASSPHRASE
from vaxcert.trust.publishing import outputs, superseded, vouching
from vaxcert.trust.publishing.entries import PublishedKeys
from vaxcert.trust.publishing.keyring import Keyring
from vaxcert.trust.publishing.outputs import WORKSPACE_MARK
from vaxcert.trust.publishing.pages import Compile, PublishedPages
from vaxcert.trust.publishing.ruled import PublishedRules
from vaxcert.trust.publishing.state import Publication, PublisherState
from vaxcert.trust.publishing.withdrawals import Withdrawals
from vaxcert.trust.synced import listing as listings
from vaxcert.trust.synced.listing import Listing, Reinstated
from vaxcert.trust.synced.repository import LIST, PUBLISHED_AT, REVOKED
from vaxcert.verdict import Environment

ONLINE = ("targets", "snapshot", "timestamp")
# A verifier that was offline longer than a snapshot lasts starts anew, so that is long; the timestamp is what ages.
LASTS = {"root": timedelta(days=365), "targets": timedelta(days=90), "snapshot": timedelta(days=90),
         "timestamp": timedelta(days=1)}  # fmt: skip


class Publisher:
    """The workspace of a publisher. Raises `ConfigurationError` for a folder that is none."""

    def __init__(
        self,
        workspace: Path,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        state: PublisherState | None = None,
    ) -> None:
        self.workspace = workspace
        self._clock = clock
        self._roles, self._root = Keyring(workspace / "roles"), Keyring(workspace / "root")
        try:
            with files.reading(workspace / WORKSPACE_MARK, "{path}: cannot be read"):
                self.state: PublisherState = state or msgspec.json.decode(
                    (workspace / WORKSPACE_MARK).read_bytes(), type=PublisherState
                )
        except NotFoundError:
            raise NotFoundError(f"{workspace}: no publisher's workspace; `trust publish --new` makes one") from None
        except msgspec.MsgspecError:
            raise DamagedError(f"{workspace}/publisher.json: cannot be read") from None
        self.keys: PublishedKeys = PublishedKeys(workspace / "certificates", self.state.environment)
        self.withdrawals: Withdrawals = Withdrawals(workspace)
        self.rules: PublishedRules = PublishedRules(workspace / "rules")
        self.pages: PublishedPages = PublishedPages(workspace / "pages")

    @classmethod
    def create(
        cls,
        workspace: Path,
        *,
        environment: Environment | str,
        passphrase: str,
        root_passphrase: str,
        max_offline_hours: int = listings.DEFAULT_OFFLINE // timedelta(hours=1),
        root_keys: int = 1,
        root_threshold: int = 1,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> Publisher:
        """Make a workspace with keys of its own, of which `root_threshold` of `root_keys` may change the others."""
        listings.check_offline(max_offline_hours)
        if not 1 <= root_threshold <= root_keys <= 9:
            raise ConfigurationError("root keys: not 1 to 9, or fewer than have to sign")
        for name, secret in (("publisher's", passphrase), ("root's", root_passphrase)):
            if len(secret) < MIN_PASSPHRASE:
                raise ConfigurationError(
                    f"the {name} passphrase is shorter than {MIN_PASSPHRASE} characters", Reason.PASSPHRASE_WEAK
                )
        if (workspace / WORKSPACE_MARK).exists():
            raise ConfigurationError(f"{workspace}: a publisher's workspace already", Reason.ALREADY_THERE)
        with files.writing(workspace):
            for name in ("certificates", "pending", "lists", "rules", "metadata", "roles", "root"):
                (workspace / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        state = PublisherState(
            environment=Environment(environment), max_offline_hours=max_offline_hours,
            root_keys=root_keys, root_threshold=root_threshold,
        )  # fmt: skip
        publisher = cls(workspace, clock=clock, state=state)
        publisher.rotate(("root", *ONLINE), passphrase=passphrase, root_passphrase=root_passphrase)
        return publisher

    def now(self) -> datetime:
        """The time by the clock that was given."""
        return self._clock()

    def add(self, certificate: bytes, **said: Any) -> TrustedKey:
        """Have a certificate published from now on, as `PublishedKeys.add` does."""
        return self.keys.add(certificate, **said)

    def assure_ahead(self, out: Path) -> None:
        """Raise `ConfigurationError` for a folder that must not be published into, or shows what is newer."""
        outputs.check_apart(out, self.workspace)
        outputs.assure_ahead(out, self.workspace, self.state.versions)

    def go_on_from(self, versions: Mapping[str, int]) -> None:
        """Give no number again up to these; the root's is the one that verifiers follow."""
        for role, version in versions.items():
            self.state.versions[role] = version if role == "root" else max(version, self.state.versions.get(role, 0))
        self._write_state()

    def publish(self, out: Path, *, passphrase: str, page: Compile | None = None) -> Publication:
        """Publish all anew: keys, and what has been revoked since. Verifiers see all of it or what was before.

        `page`: makes of keys and rules what pages judge by that ask no server; without it there is nothing for them.
        """
        self.assure_ahead(out)
        version = self._next("targets")
        lists, reinstated = self.withdrawals.take(version, self.keys.usable())
        listing = Listing(
            environment=self.state.environment,
            max_offline_hours=self.state.max_offline_hours,
            keys=tuple(entry for _, entry in self.keys.listed()),
            authorities=vouching.listed(self.workspace),
            reinstated=tuple(Reinstated(kind=kind, hash=one, number=at) for (kind, one), at in reinstated.items()),
        )
        contents = {LIST: listings.encode(listing)} | {REVOKED + path.name: path.read_bytes() for path in lists}
        contents |= (rules := self.rules.contents())
        if page is not None:
            contents |= self.pages.contents(version, self.now().date(), listing, lists, page, rules)
        targets = {name: TargetFile.from_data(name, content, ["sha256"]) for name, content in contents.items()}
        for name, target in targets.items():
            files.write_changed(out / "targets" / target.get_prefixed_paths()[0], contents[name])
        if self.keys.key_sets():
            withdrawn = vouching.withdrawn_cards(lists, reinstated)
            vouching.write_key_sets(out, self.keys.key_sets(withdrawn.version), withdrawn)
        signed = Targets(version=version, expires=self._until("targets"), targets=targets)
        self._sign(out, "targets", signed, passphrase)
        self._snapshot(out, passphrase)
        published = self._timestamp(out, passphrase)
        superseded.clear(out, self.state.versions)
        return published

    def renew(self, out: Path, *, passphrase: str) -> Publication:
        """Publish the daily timestamp alone: the same publication, vouched for anew. The targets' key is not needed."""
        if "timestamp" not in self.state.versions:
            raise ConfigurationError("nothing has been published yet")
        self.assure_ahead(out)
        return self._timestamp(out, passphrase)

    def rotate(self, roles: Iterable[str], *, passphrase: str, root_passphrase: str) -> None:
        """Make new keys for some roles (for none: a root that lasts longer), announced by a new root.

        The keys of the old root sign it too. Publish afterwards: what the old keys signed does not hold any more.
        """
        roles = tuple(roles)
        before = self._newest_root()
        old = self._root.signers("root", before.signed, root_passphrase) if before else []
        if "root" in roles or before is None:
            new = [self._root.make("root", root_passphrase) for _ in range(self.state.root_keys)]
        else:
            new = old
        root = Root(version=self._next("root"), expires=self._until("root"), consistent_snapshot=True)
        # Root keys that are not here now, of several, go on as they are.
        kept = {} if before is None or "root" in roles else before.signed.keys
        for keyid in before.signed.roles["root"].keyids if before and kept else ():
            root.add_key(kept[keyid], "root")
        for signer in () if kept else new:
            root.add_key(signer.public_key, "root")
        root.roles["root"].threshold = self.state.root_threshold
        for role in ONLINE:
            if role in roles or before is None:
                root.add_key(self._roles.make(role, passphrase).public_key, role)
            else:
                for keyid in before.signed.roles[role].keyids:
                    root.add_key(before.signed.keys[keyid], role)
        signed = Metadata(root)
        for signer in {one.public_key.keyid: one for one in (*old, *new)}.values():
            signed.sign(signer, append=True)
        # A root that verifiers would not follow must never be the newest: nothing could come after it.
        for judge in (root, before.signed if before else root):
            judge.verify_delegate("root", signed.signed_bytes, signed.signatures)
        content = signed.to_bytes()
        files.write_changed(self.workspace / "metadata" / f"{root.version}.root.json", content)
        self._remember("root", root.version)
        if before is None:
            files.write_changed(self.workspace / "root.json", content)
            return
        for role in ("root", *ONLINE):
            for keyid in set(before.signed.roles[role].keyids) - set(root.roles[role].keyids):
                (self._root if role == "root" else self._roles).drop(role, keyid)

    def _newest_root(self) -> Metadata[Root] | None:
        version = self.state.versions.get("root")
        if version is None:
            return None
        return outputs.read(self.workspace / "metadata" / f"{version}.root.json")

    def _snapshot(self, out: Path, passphrase: str) -> None:
        meta = {"targets.json": MetaFile(self.state.versions["targets"])}
        signed = Snapshot(version=self._next("snapshot"), expires=self._until("snapshot"), meta=meta)
        self._sign(out, "snapshot", signed, passphrase)

    def _timestamp(self, out: Path, passphrase: str) -> Publication:
        # Not one that a rotation which was stopped has left behind: nobody signs with the keys that it names.
        roots = {f"{version}.root.json" for version in range(1, self.state.versions["root"] + 1)}
        for path in sorted((self.workspace / "metadata").glob("*.root.json")):
            if path.name in roots:
                files.write_changed(out / "metadata" / path.name, path.read_bytes())
        now = self._clock().astimezone(UTC).replace(microsecond=0)
        expires = self._until("timestamp")
        signed = Timestamp(
            version=self._next("timestamp"),
            expires=expires,
            snapshot_meta=MetaFile(self.state.versions["snapshot"]),
            unrecognized_fields={PUBLISHED_AT: iso(now)},
        )
        root, *others = signed_parts = [
            outputs.read(folder / "metadata" / f"{self.state.versions[role]}.{role}.json")
            for folder, role in ((self.workspace, "root"), (out, "snapshot"), (out, "targets"))
        ]
        for role, part in zip(("snapshot", "targets"), others, strict=True):
            try:
                root.signed.verify_delegate(role, part.signed_bytes, part.signatures)
            except UnsignedMetadataError:
                raise ConfigurationError(
                    f"the key of {role} was changed since: publish anew, do not renew", Reason.KEY_DIFFERS
                ) from None
        ends = [part.signed.expires for part in signed_parts]
        # Last: whoever fetches it finds all that it leads to.
        self._sign(out, "timestamp", signed, passphrase)
        offline = timedelta(hours=self.state.max_offline_hours)
        return Publication(
            version=self.state.versions["targets"],
            keys=len(self.keys),
            revoked=self.withdrawals.count(),
            expires_at=expires,
            valid_until=min(expires + offline, *ends),
            last_until=min(ends),
        )

    def _sign(self, out: Path, role: str, signed: Targets | Snapshot | Timestamp, passphrase: str) -> None:
        metadata: Metadata[Any] = Metadata(signed)
        root = self._newest_root()
        assert root is not None  # noqa: S101  (`create` made one)
        for signer in self._roles.signers(role, root.signed, passphrase):
            metadata.sign(signer, append=True)
        name = "timestamp.json" if role == "timestamp" else f"{signed.version}.{role}.json"
        if role == "timestamp":
            # Before anybody sees it: verifiers pass over another one of a version that they have had.
            self._remember(role, signed.version)
        files.write_changed(out / "metadata" / name, metadata.to_bytes())
        self._remember(role, signed.version)

    def _next(self, role: str) -> int:
        return self.state.versions.get(role, 0) + 1

    def _remember(self, role: str, version: int) -> None:
        self.state.versions[role] = version
        self._write_state()

    def _write_state(self) -> None:
        files.write_changed(self.workspace / WORKSPACE_MARK, msgspec.json.encode(self.state))

    def _until(self, role: str) -> datetime:
        return self._clock().astimezone(UTC).replace(microsecond=0) + LASTS[role]
