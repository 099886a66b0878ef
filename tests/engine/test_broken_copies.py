"""The comparison notices when a step of the engine is gone: every deliberately broken copy says something otherwise."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from both import ROOT, Case, Engine, differences
from mutated import each_mutation, seeds
from mutator import World
from night import some

from vaxcert import Verifier
from vaxcert.rules import bundle

SOURCES = ROOT / "verifier_app" / "engine"
ESBUILD = ROOT / "node_modules" / ".bin" / "esbuild"

# The cards that are compared at once: most copies are noticed by the first of them.
_SOME = 600
# Copies that are asked about in every run; the others are at night.
EACH_RUN = 4

# By what is gone: the module, what stands there, and what stands there instead. The length of a signature is not among
# them: browsers ask for that themselves.
BROKEN = {
    "the signature": ("trust/keys.ts", "return crypto.subtle.verify(", "await crypto.subtle.verify("),
    "the algorithm of a header": ("trust/store.ts", "if (!named.every(", "if (false && !named.every("),
    "the bound of keys": ("trust/store.ts", "held.length > MAX_KEYS_PER_KID", "held.length > 99"),
    "critical headers": ("wire/cose.ts", "if (header.has(CRIT))", "if (false)"),
    "keys that stand twice": ("wire/cbor.ts", "if (!map.add(key, this.item(within))) throw", "if (!map.add(key, this.item(within)) && false) throw"),
    "the depth": ("wire/cbor.ts", "const MAX_DEPTH = 16;", "const MAX_DEPTH = 999;"),
    "tags": ("wire/cbor.ts", "if (number === COSE_SIGN1 || number === CWT) ", ""),
    "bytes behind an item": ("wire/cbor.ts", "if (reader.next() === undefined) return item;", "return item;"),
    "groups of base45": ("wire/base45.ts", "if (number > (whole ? 0xffff : 0xff))", "if (false)"),
    "the bound of inflating": ("wire/deflate.ts", "if (size > MAX_INFLATED)", "if (false)"),
    "usage": ("checks.ts", "if (!signer.usages.has(kind))", "if (false)"),
    "the end of a card": ("checks.ts", "if (at > certificate.expiresAt)", "if (false)"),
    "the end of a signer": ("checks.ts", "if (at > signer.notAfter)", "if (false)"),
    "withdrawn keys": ("checks.ts", "if (signer.withdrawn)", "if (false)"),
    "revoked signatures": ("checks.ts", 'if (revocations.holds("signature") && ', "if (false && "),
    "revoked ids": ("checks.ts", "if (revocations.has(kind, await ofText(text)))", "if (false)"),
    "positive tests": ("checks.ts", "entry.result === codes.DETECTED", "false"),
    "events before a birth": ("checks.ts", "birth - dayOfEntry(entry) > 1", "false"),
    "the year of a birth": ("checks.ts", 'if (year && (year < "1900" || year > "2099"))', "if (false)"),
    "names that nobody sees": ("formats/eudcc.ts", "if (!normalise(fullName(found)))", "if (false)"),
    "types of fields": ("formats/convert.ts", 'if (!field.type.split(" | ").includes(kindOf(value)))', "if (false)"),
}  # fmt: skip


class Compared(NamedTuple):
    """What both are asked, once for all copies, and what the library says."""

    verifier: Verifier
    cases: list[Case]
    said: dict[str, Any]
    given: Any

    def by(self, engine: Engine) -> bool:
        """Whether the page says something otherwise."""
        for at in range(0, len(self.cases), _SOME):
            some = self.cases[at : at + _SOME]
            if differences(self.verifier, some, engine.verdicts(some), lambda _, case: self.said[case.text]):
                return True
        return False


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Compared:
    world = World(tmp_path_factory.mktemp("world"))
    cases = [*seeds(world, "signer", range(_SOME)), *each_mutation(world)]
    said = {case.text: world.verifier.verify(case.text) for case in cases}
    return Compared(world.verifier, cases, said, bundle.of(world.verifier.trust))


@pytest.mark.slow
@pytest.mark.parametrize("gone", some(BROKEN, EACH_RUN))
def test_a_broken_copy_of_the_engine_is_noticed(engine: Engine, compared: Compared, tmp_path: Path, gone: str) -> None:
    module, stands, instead = BROKEN[gone]
    copy = shutil.copytree(SOURCES, tmp_path / "engine")
    source = (copy / module).read_text("utf-8")
    assert source.count(stands) == 1, f"{module} has no such step any more"
    (copy / module).write_text(source.replace(stands, instead), "utf-8")
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    made = tmp_path / "broken.js"
    command = [ESBUILD, copy / "index.ts", "--bundle", "--format=esm", "--log-level=error", f"--outfile={made}"]
    subprocess.run([*map(str, command)], check=True)
    script = made.read_bytes()
    engine.page.route("**/broken.js", lambda route: route.fulfill(body=script, content_type="text/javascript"))
    engine.page.evaluate("async () => { window.engine = await import('/broken.js') }")
    engine.trusting(compared.given)
    assert compared.by(engine)
