"""Make a registry for training: a hundredth of the made-up province, and an account of each role, printed.

    python examples/make_training.py build/portal
    vaxcert portal --db sqlite:///build/portal/registry.db --key build/portal/registry.key --training

Nobody in it can be taken for a real person (see `make_sample`). A folder where there is one already is left as it is.
"""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

import make_province
from make_sample import SITES

from vaxcert.registry import Registry
from vaxcert.registry.accounts import keeping, places, training
from vaxcert.registry.intake import importing, lists

ACTOR = "make_training"
# Known to whoever can read this: good for made-up people alone.
PASSWORD = "tap-huan-2026"  # noqa: S105
ACCOUNTS = {
    "tiepdon": keeping.Wanted("Tiếp Đón (tập huấn)", ["clerk"], site="VP01"),
    "tiem": keeping.Wanted("Người Tiêm (tập huấn)", ["vaccinator"], site="VP01"),
    "duyet": keeping.Wanted("Người Duyệt (tập huấn)", ["reviewer"]),
    "quanly": keeping.Wanted("Quản Lý (tập huấn)", ["manager"]),
    "quantri": keeping.Wanted("Quản Trị (tập huấn)", ["administrator"]),
}


def make(folder: Path, times: float) -> None:
    """A registry with people, lots, targets and accounts."""
    folder.mkdir(parents=True, exist_ok=True)
    with Registry.create(f"sqlite:///{folder / 'registry.db'}", folder / "registry.key") as registry:
        training.declare(registry, actor=ACTOR)
        for code, district in SITES.items():
            site = places.Site(code, f"Trạm Y tế Mẫu {code}", district)
            places.put_site(registry, site, actor=ACTOR, new=True)
        with TemporaryDirectory() as name:
            exports = Path(name)
            make_province.write(
                exports, people_count=round(make_province.PEOPLE * times), incomplete=round(400 * times), seed=1,
                dose_count=round(make_province.DOSES * times),
            )  # fmt: skip
            for kind in ("deliveries", "targets"):
                lists.load(registry, kind, exports / f"{kind}.csv", actor=ACTOR)
            for unit in sorted(exports.glob("unit-*.csv")):
                importing.run(registry, unit, actor=ACTOR)
        for login, wanted in ACCOUNTS.items():
            keeping.create(registry, login, wanted, actor=ACTOR, password=PASSWORD)


def main() -> None:
    """Make it unless it is there, and print who may sign in."""
    parser = argparse.ArgumentParser(description="Make a registry for training, with an account of each role.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--times", type=float, default=0.01, help="so many times 74,000 people (default: 0.01)")
    options = parser.parse_args()
    if not (options.folder / "registry.db").exists():
        make(options.folder, options.times)
    print(f"Accounts of the TEST province, all with the password {PASSWORD}:")
    for login, wanted in ACCOUNTS.items():
        print(f"  {login:<10} {', '.join(wanted.roles):<15} {wanted.site or 'everywhere'}")


if __name__ == "__main__":
    main()
