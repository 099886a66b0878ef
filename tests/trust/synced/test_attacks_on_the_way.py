"""Attacks by whoever answers in place of the publisher's web server, from servers on this machine."""

import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from vaxcert import SigningKey
from vaxcert.trust.own import authority
from vaxcert.trust.synced import fetch


def handler(answer: Callable[[Any], None]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                answer(self)
            except (BrokenPipeError, ConnectionResetError):
                pass

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def send(request: Any, content: bytes, *, status: int = 200, length: int | None = None, **headers: str) -> None:
    request.send_response(status)
    request.send_header("Content-Length", str(len(content) if length is None else length))
    for name, value in headers.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(content)


def test_a_captive_portal_that_answers_everything_with_a_page_is_refused(world: Any, serve: Any) -> None:
    page = b"<!DOCTYPE html><html><body>Welcome! Log in to use the network.</body></html>"
    world.refuses("not taken over", serve(handler(lambda request: send(request, page))))


def from_folder(out: Path, request: Any) -> bytes | None:
    path = out / request.path.lstrip("/")
    if not path.is_file():
        send(request, b"", status=404)
        return None
    return path.read_bytes()


@pytest.mark.parametrize("cut", ["timestamp.json", "snapshot.json", "targets.json", "trust.json"])
@pytest.mark.parametrize("told", [False, True], ids=["as it is", "with the full length"])
def test_a_truncated_download_is_refused(world: Any, serve: Any, cut: str, told: bool) -> None:
    world.publisher.add(SigningKey.generate("VN", now=world.now - timedelta(days=30)).certificate)
    world.publish()

    def answer(request: Any) -> None:
        content = from_folder(world.out, request)
        if content is not None:
            is_cut = request.path.endswith(cut)
            send(request, content[: len(content) // 2] if is_cut else content, length=len(content) if told else None)
            request.close_connection = True

    world.refuses("not taken over", serve(handler(answer)))


@pytest.mark.parametrize("endless", ["timestamp.json", "snapshot.json", "targets.json", "root.json", "trust.json"])
def test_an_endless_download_is_stopped_soon(world: Any, serve: Any, endless: str) -> None:
    world.publisher.add(SigningKey.generate("VN", now=world.now - timedelta(days=30)).certificate)
    world.publish()
    sent = [0]

    def answer(request: Any) -> None:
        if not request.path.endswith(endless):
            content = from_folder(world.out, request)
            if content is not None:
                send(request, content)
            return
        request.send_response(200)
        request.end_headers()
        while sent[0] < 1 << 30:
            request.wfile.write(bytes(1 << 16))
            sent[0] += 1 << 16

    world.refuses("not taken over.*DownloadLengthMismatchError", serve(handler(answer)))
    assert sent[0] < 32 << 20


def test_a_redirect_to_another_host_is_refused_and_one_within_is_followed(world: Any, serve: Any) -> None:
    world.publish()
    elsewhere = serve(handler(lambda request: send(request, from_folder(world.out, request) or b"")))

    def away(request: Any) -> None:
        send(request, b"", status=302, Location=elsewhere + request.path.lstrip("/"))

    def within(request: Any) -> None:
        if request.path.startswith("/moved/"):
            request.path = request.path.removeprefix("/moved")
            content = from_folder(world.out, request)
            if content is not None:
                send(request, content)
        else:
            send(request, b"", status=302, Location="/moved" + request.path)

    world.refuses("sends us to another one", serve(handler(away)))
    assert world.sync(serve(handler(within))).changed


def test_a_server_that_is_not_there_is_told(world: Any, serve: Any) -> None:
    world.refuses("DownloadError", "http://127.0.0.1:9/")
    world.refuses("the server answers 500", serve(handler(lambda request: send(request, b"", status=500))))


@pytest.mark.parametrize("where", ["headers", "body", "a body of no stated length"])
def test_a_server_that_answers_drop_by_drop_is_cut_off(
    world: Any, serve: Any, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "_WHOLE", 0.4)
    dropped = [0]

    def answer(request: Any) -> None:
        if where == "headers":
            request.send_response(200)
            request.flush_headers()
        elif where == "body":
            send(request, b"", length=1_000_000)
        else:
            request.send_response(200)
            request.end_headers()
        for _ in range(200):
            request.wfile.write(b"x")
            dropped[0] += 1
            time.sleep(0.05)

    world.refuses("not taken over", serve(handler(answer)))
    assert dropped[0] < 60


def certificate(folder: Path, name: str) -> ssl.SSLContext:
    """A server's TLS of that name; what vouches for it is `folder/authority.pem`."""
    start, key = datetime.now(UTC) - timedelta(days=1), authority.new_key()
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "authority.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    pair = authority.encrypted(key, "for a trial") + made.public_bytes(serialization.Encoding.PEM)
    (folder / "pair.pem").write_bytes(pair)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "pair.pem", password="for a trial")
    return context


def test_https_is_taken_from_whom_the_machine_trusts_by_that_name_and_from_nobody_else(
    world: Any, serve: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.publish()

    def answer(request: Any) -> None:
        asked.append(request.headers["Host"])
        content = from_folder(world.out, request)
        if content is not None:
            send(request, content)

    asked: list[str] = []
    for name in ("localhost", "another.example"):
        folder = world.folder / name
        folder.mkdir()
        address = serve(handler(answer), certificate(folder, name)).replace("127.0.0.1", "localhost")
        world.refuses(r"localhost cannot be reached \(SSLCertVerificationError\)", address)
        monkeypatch.setenv("SSL_CERT_FILE", str(folder / "authority.pem"))
        if name == "localhost":
            assert not asked
            assert world.sync(address).changed
            assert set(asked) == {address.removeprefix("https://").removesuffix("/")}
            asked.clear()
        else:
            world.refuses(r"localhost cannot be reached \(CertificateError\)", address)
            assert not asked
        monkeypatch.delenv("SSL_CERT_FILE")
    assert world.verdict().status == "accepted"
