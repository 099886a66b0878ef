"""A signer that is killed at any moment: what it gave out is saved, and what it signed was noted before."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.x509 import load_der_x509_certificate
from sqlalchemy import select

from vaxcert import IssueLog, SigningKey, Verifier
from vaxcert.errors import UnreachableError, VaxcertError
from vaxcert.registry import audit, schema
from vaxcert.signer.client import SignerClient

ROUNDS = int(os.environ.get("VAXCERT_KILLS", "3"))

# Each signature leaves a line before it is made, by a write that no kill takes back.
SIGNER = """
import os, sys, threading
from datetime import datetime, timedelta
from pathlib import Path
from vaxcert import IssueLog, Issuer, SigningKey
from vaxcert.registry import Registry
from vaxcert.signer.answering import RegistrySigner
from vaxcert.signer.limits import SigningLimits
from vaxcert.signer.server import SignerServer

folder, url, now = Path(sys.argv[1]), sys.argv[2], datetime.fromisoformat(sys.argv[3])
calls = os.open(folder / "calls", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

class Counting(SigningKey):
    def sign(self, data):
        os.write(calls, b"x")
        return super().sign(data)

loaded = SigningKey.load(folder / "key.pem")
issuer = Issuer(Counting(loaded._private_key, loaded.certificate), country="VN", authority="TEST",
                valid_for=timedelta(days=100), clock=lambda: now, log=IssueLog(folder / "issued.jsonl"))
registry = Registry.open(url, folder / "registry.key", clock=lambda: now)
limits = SigningLimits(account_hour=9999, account_day=9999, site_hour=9999, site_day=9999)
signer = RegistrySigner(registry, issuer, limits=limits)
with SignerServer(folder / "signer.sock", signer, peers=[os.getuid()], approvers=[]) as server:
    print("ready", flush=True)
    server.serve()
"""


def started(folder: Path, place: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SIGNER, str(folder), place.url, place.now.isoformat()]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def in_clear(key: SigningKey) -> bytes:
    """A key with its certificate, as a file holds them."""
    private: Any = key._private_key
    form = serialization.PrivateFormat.PKCS8
    pem = private.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    return bytes(pem) + load_der_x509_certificate(key.certificate).public_bytes(serialization.Encoding.PEM)


@pytest.mark.slow
def test_a_signer_killed_at_any_moment_loses_nothing_it_gave_out_and_signs_nothing_unnoted(
    tmp_path: Path, place: Any, key: SigningKey, many: Callable[[int], list[int]], verifier: Verifier
) -> None:
    doses = many(15 * ROUNDS)
    (tmp_path / "key.pem").write_bytes(in_clear(key))
    client, log = SignerClient(tmp_path / "signer.sock", timeout=10), IssueLog(tmp_path / "issued.jsonl")
    chance, given, left = random.Random(1), {}, list(doses)
    kills = 0
    for _ in range(ROUNDS):
        process = started(tmp_path, place)
        end = time.monotonic() + chance.uniform(0, 0.15)
        killer = subprocess.Popen(
            [sys.executable, "-c", f"import os,time; time.sleep({end - time.monotonic():.4f}); os.kill({process.pid}, {signal.SIGKILL})"]
        )  # fmt: skip
        try:
            while left:
                made = client.sign(left[0], account="lan", site="VP01")
                given[left.pop(0)] = made
        except UnreachableError:
            kills += 1
        killer.wait()
        process.wait()
        process.stdout.close()  # type: ignore[union-attr]
    process = started(tmp_path, place)
    try:
        for dose in doses:
            again = client.sign(dose, account="lan", site="VP01")
            # Whatever was given out before a kill is what is given out after it.
            assert dose not in given or again.text == given[dose].text
            assert verifier.verify(again.text, at=place.now).status == "accepted"
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()  # type: ignore[union-attr]
    with place.registry.reading() as connection:
        saved = set(connection.scalars(select(schema.certificate.c.id)))
        noted = connection.execute(select(schema.signing.c.dose_id, schema.signing.c.certificate_id)).all()
    logged = [entry.certificate_id for entry in log]
    calls = (tmp_path / "calls").stat().st_size
    assert kills
    # Every signature is in the issue log, and was noted with who asked; of those that a kill cut off, nothing went out.
    assert len(saved) == len(doses)
    assert {row.certificate_id for row in noted} - {None} == saved
    assert saved <= set(logged)
    assert len(saved) <= calls <= len(logged) <= len(noted) <= len(saved) + kills
    signed = [entry for entry in audit.entries(place.registry, last=1_000) if entry.action == "sign"]
    assert len(signed) == len(noted)
    audit.check(place.registry)


@pytest.mark.parametrize("where", ["before the log", "after the log", "after the signature", "before the commit"])
def test_a_fault_at_each_step_leaves_a_note_and_gives_nothing_out_and_the_next_try_works(
    signing: Any, many: Callable[[int], list[int]], monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    from vaxcert.registry.certificates import due

    (dose,) = many(1)
    running = signing()

    def fail(*_: object, **__: object) -> Any:
        raise RuntimeError(where)

    with monkeypatch.context() as patch:
        if where == "before the log":
            patch.setattr(IssueLog, "append", fail)
        elif where == "after the log":
            patch.setattr(type(running.key), "sign", fail)
        elif where == "after the signature":
            patch.setattr(due, "row_of", fail)
        else:
            patch.setattr(due, "write", fail)
        with pytest.raises(VaxcertError):
            running.client.sign(dose, account="lan")
    assert running.count(schema.certificate) == 0
    assert running.count(schema.signing, schema.signing.c.certificate_id.is_(None)) == 1
    assert running.client.sign(dose, account="lan").new
    assert running.count(schema.certificate) == running.count(schema.signing) - 1 == 1
