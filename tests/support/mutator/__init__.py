"""A mutator that knows what a card is made of: every card that it makes carries the verdict that it has to get.

seed ─world→ a genuine card's parts ─mutations→ other parts, what must be said of them ─assembled→ text ─Verifier→ compared

`world` has the keys and what is revoked, `draft` a card in parts, `encoding` writes CBOR in every way that there is, and
the mutations stand by what they change: `claims`, `headers`, `attacks` (signatures), `outside` (all around them). `play` puts them
together: one half are an attacker's cards, the other a genuine key's with hostile claims or strange encodings.
"""

from mutator.attacks import attacks
from mutator.claims import CLAIMS
from mutator.headers import SIGNED, UNSIGNED
from mutator.outside import OUTSIDE
from mutator.play import HALVES, alone, played
from mutator.world import World

__all__ = ["CLAIMS", "HALVES", "OUTSIDE", "SIGNED", "UNSIGNED", "World", "alone", "attacks", "played"]
