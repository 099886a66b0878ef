"""What a document signer may certify, as its certificate says it: extended key usages (HCERT 1.0.8, annex A)."""

from __future__ import annotations

from vaxcert.trust import der

# Both spellings are deployed; the first is the specification's, and the one that we write.
_STEMS = ("1.3.6.1.4.1.1847.2021.1", "1.3.6.1.4.1.0.1847.2021.1")
_ARCS = {"test": 1, "vaccination": 2, "recovery": 3}

# Which system's certificates a signer makes, where it says that: of our own making, since nobody has one for it. Arcs
# below 2.25 are anybody's for the number of a UUID (ITU-T X.667). Without any of them a signer makes the EU's.
_FORMATS = {"hcert": 1, "icvp": 2}
_OWN = "2.25.330088107568710167399690144277029641871"
FORMAT_OIDS = {name: f"{_OWN}.{arc}" for name, arc in _FORMATS.items()}
FORMAT_OF = {der.oid(oid): name for name, oid in FORMAT_OIDS.items()}

# The object identifier that stands for a kind in our own certificates.
OID_OF = {kind: f"{_STEMS[0]}.{arc}" for kind, arc in _ARCS.items()}
# By the content octets of an object identifier, the kind that it stands for.
KIND_OF = {der.oid(f"{stem}.{arc}"): kind for stem in _STEMS for kind, arc in _ARCS.items()}
