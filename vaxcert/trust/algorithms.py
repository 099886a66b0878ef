"""The two signature algorithms: which key makes which, and whether it made one. Signatures are raw, as COSE has them.

Of ECDSA that is r ‖ s, each as long as the curve's order (RFC 9053, section 2.1), where cryptography wants DER.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from vaxcert.errors import KeyMaterialError, Reason
from vaxcert.wire import Algorithm

PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey

SHA256 = hashes.SHA256()
ES256 = ec.ECDSA(SHA256)
# RFC 8230, section 2: PSS with a salt as long as the hash
PS256 = padding.PSS(padding.MGF1(SHA256), 32)
ES256_SIZE = 64
ES384 = ec.ECDSA(hashes.SHA384())
ES384_SIZE = 96

# HCERT 1.0.8, section 3.3.2, asks for 2048 bits and more; above 4096 a verification costs too much to be offered to
# whoever shows a card.
MIN_RSA, MAX_RSA = 2048, 4096
# FIPS 186-5, section 5.1: with small exponents a sloppy verifier takes forgeries, and signers with them are sloppy.
MIN_EXPONENT = 65_537


def algorithm_of(key: object) -> Algorithm:
    """The one algorithm that a public key is used with here.

    Raises `KeyMaterialError`: `key_weak` (RSA outside 2048–4096 bits, or with a small exponent) or
    `key_type_unsupported`.
    """
    if is_p256(key):
        return Algorithm.ES256
    if isinstance(key, rsa.RSAPublicKey):
        check_rsa_size(key.key_size)
        if key.public_numbers().e < MIN_EXPONENT:
            raise KeyMaterialError(Reason.KEY_WEAK, "RSA with a small exponent")
        return Algorithm.PS256
    raise KeyMaterialError(Reason.KEY_TYPE_UNSUPPORTED, "neither P-256 nor RSA")


def is_p256(key: object) -> bool:
    """Whether a key is a public one on the one curve that is used."""
    return isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)


def check_rsa_size(bits: int) -> None:
    """Raise `KeyMaterialError` (`key_weak`) for a modulus of a size that is not used."""
    if not MIN_RSA <= bits <= MAX_RSA:
        raise KeyMaterialError(Reason.KEY_WEAK, f"RSA of {bits} bits")


def made_es256(key: ec.EllipticCurvePublicKey, signature: bytes, data: bytes) -> bool:
    """Whether that key made a raw signature over the data."""
    if len(signature) != ES256_SIZE:
        return False
    r, s = _integer(signature[:32]), _integer(signature[32:])
    try:
        key.verify(b"\x30" + bytes((len(r) + len(s),)) + r + s, data, ES256)
    except InvalidSignature:
        return False
    return True


def made_es384(key: ec.EllipticCurvePublicKey, signature: bytes, data: bytes) -> bool:
    """Whether that key, on P-384, made a raw signature over the data."""
    if len(signature) != ES384_SIZE:
        return False
    half = ES384_SIZE // 2
    numbers = (int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big"))
    try:
        key.verify(encode_dss_signature(*numbers), data, ES384)
    except InvalidSignature:
        return False
    return True


def made_ps256(key: rsa.RSAPublicKey, signature: bytes, data: bytes) -> bool:
    """Whether that key made a signature over the data: of exactly its modulus's length (RFC 8017, section 8.1.2).

    OpenSSL takes one without its leading zero bytes too, and would let a card shed a revocation by its signature.
    """
    if len(signature) != (key.key_size + 7) // 8:
        return False
    try:
        key.verify(signature, data, PS256, SHA256)
    except InvalidSignature:
        return False
    return True


def raw(der: bytes) -> bytes:
    """A P-256 signature as cryptography makes it (RFC 3279, section 2.2.3), as r ‖ s."""
    # SEQUENCE of two INTEGERs, all lengths below 128
    end = 4 + der[3]
    return der[4:end][-32:].rjust(32, b"\0") + der[end + 2 :][-32:].rjust(32, b"\0")


def _integer(magnitude: bytes) -> bytes:
    # DER INTEGER (X.690, section 8.3) of an unsigned number: no leading zeros but the one that keeps it positive
    if 0 < magnitude[0] < 0x80:
        return b"\x02\x20" + magnitude
    if magnitude[0]:
        return b"\x02\x21\0" + magnitude
    short = magnitude.lstrip(b"\0") or b"\0"
    if short[0] & 0x80:
        return bytes((2, len(short) + 1, 0)) + short
    return bytes((2, len(short))) + short
