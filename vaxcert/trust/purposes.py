"""What a document signer may certify, as its certificate says it: extended key usages (HCERT 1.0.8, annex A)."""

from __future__ import annotations

from vaxcert.trust import der

# Both spellings are deployed; the first is the specification's, and the one that we write.
_STEMS = ("1.3.6.1.4.1.1847.2021.1", "1.3.6.1.4.1.0.1847.2021.1")
_ARCS = {"test": 1, "vaccination": 2, "recovery": 3}

# The object identifier that stands for a kind in our own certificates.
OID_OF = {kind: f"{_STEMS[0]}.{arc}" for kind, arc in _ARCS.items()}
# By the content octets of an object identifier, the kind that it stands for.
KIND_OF = {der.oid(f"{stem}.{arc}"): kind for stem in _STEMS for kind, arc in _ARCS.items()}
