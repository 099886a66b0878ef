r"""Make a registry for training: a hundredth of the made-up province on a busy day, and an account of each role.

    python examples/make_training.py build/portal
    vaxcert signer run --config build/portal/signer.toml &
    vaxcert portal --db sqlite:///build/portal/registry.db --key build/portal/registry.key --training \
      --snapshot build/portal/training.zip --signer build/portal/signer.sock

Nobody in it can be taken for a real person (see `make_sample`), and what it signs is marked TEST. A folder where
there is one already is left as it is.

    registry.db, registry.key    the registry        training.zip    what it is put back to every night
    keys, passphrase             a TEST key          signer.toml     settings of a signer with it, for this user
    files                        a unit's export to upload, rows to mend, people to type in
    accounts.txt                 who may sign in
"""

import argparse
import csv
import os
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import make_province
from make_sample import SITES, Chance

from vaxcert import Environment, Issuer, SigningKey, files
from vaxcert.registry import Registry, transfer
from vaxcert.registry.accounts import keeping, places, training
from vaxcert.registry.certificates import issuing
from vaxcert.registry.desk import sessions
from vaxcert.registry.intake import importing, lists, mending
from vaxcert.registry.records.everybody import everybody
from vaxcert.registry.reports import doctor
from vaxcert.trust.own import authority

ACTOR = "make_training"
# Known to whoever can read this: good for made-up people alone.
PASSWORD = "tap-huan-2026"  # noqa: S105
ACCOUNTS = {
    "tiepdon": keeping.Wanted("Tiếp Đón (tập huấn)", ["clerk"], site="VP01"),
    "tiem": keeping.Wanted("Người Tiêm (tập huấn)", ["vaccinator"], site="VP01"),
    "tiem2": keeping.Wanted("Người Tiêm Hai (tập huấn)", ["vaccinator"], site="VP02"),
    "duyet": keeping.Wanted("Người Duyệt (tập huấn)", ["reviewer"]),
    "duyet2": keeping.Wanted("Người Duyệt Hai (tập huấn)", ["reviewer"]),
    "quanly": keeping.Wanted("Quản Lý (tập huấn)", ["manager"]),
    "quantri": keeping.Wanted("Quản Trị (tập huấn)", ["administrator"]),
    "phanmem": keeping.Wanted("Phần Mềm Phòng Khám (tập huấn)", ["integrator"], site="VP01"),
}
SITE, HELD_BACK = "VP01", 7
LOTS = {"EU/1/20/1528": "PFI-TH1", "EU/1/20/1507": "MOD-TH1", "EU/1/21/1529": "AZE-TH1"}
PRODUCT, EARLIER_LOT = "EU/1/20/1528", "PFI-TH0"
# A name that lost its letters, a day that is to come, a vaccine that there is not, a birth date of no calendar.
WRONG = (
    {"name": "Nguy?n M?u Th?"}, {"date": "31/12/2099"}, {"product": "Vắc xin không có"}, {"born": "31/02/1980"},
)  # fmt: skip
# Who has no dose yet, as the code of an identity card says it; no province has the code 098.
NEW = (
    "098090000001||Lò Mẫu Thử Một|17051990|Nữ|Xã Mẫu, Vĩnh Yên|01012022",
    "098061000002||Giàng Ví Dụ Hai|03021961|Nam|Xã Mẫu, Vĩnh Yên|01012022",
    "098075000003||Công Tằng Tôn Nữ Thị Giả Định Ba|29081975|Nữ|Xã Mẫu, Vĩnh Yên|01012022",
)


def make(folder: Path, times: float) -> None:
    """A registry with people, lots, targets and accounts; what signs for it; and files to learn with."""
    (folder / "files").mkdir(parents=True, exist_ok=True)
    key = make_key(folder)
    with Registry.create(f"sqlite:///{folder / 'registry.db'}", folder / "registry.key") as registry:
        training.declare(registry, actor=ACTOR)
        for code, district in SITES.items():
            site = places.Site(code, f"Trạm Y tế Mẫu {code}", district)
            places.put_site(registry, site, actor=ACTOR, new=True)
        with TemporaryDirectory() as name:
            fill(registry, Path(name), folder / "files", times)
        issuer = Issuer(key, country="VN", authority="Sở Y tế Mẫu (TEST)", valid_for=timedelta(days=365))
        issuing.run(registry, issuer, actor=ACTOR)
        doctor.recount(registry, actor=ACTOR)
        table = accounts(registry)
        transfer.export(registry, folder / "training.zip", actor=ACTOR)
    # The last: without it, the folder was left half-way.
    files.write_whole(folder / "accounts.txt", [table.encode()], mode=files.PRIVATE)


def make_key(folder: Path) -> SigningKey:
    """A TEST key, and settings with which this user's signer signs by it."""
    secret = "one that everybody may know"  # noqa: S105
    authority.create(
        folder / "keys", country="VN", name="Sở Y tế Mẫu", passphrase=secret, csca_passphrase=f"{secret}, too",
        environment=Environment.TEST, now=datetime.now(UTC),
    )  # fmt: skip
    home = folder.resolve()
    told = {
        "socket": home / "signer.sock", "db": f"sqlite:///{home / 'registry.db'}",
        "registry_key": home / "registry.key",
        "key": home / "keys", "passphrase_file": home / "passphrase", "authority": "Sở Y tế Mẫu (TEST)",
        "log": home / "issued.jsonl",
    }  # fmt: skip
    lines = "".join(f'{name} = "{value}"\n' for name, value in told.items())
    for name, text in (("passphrase", f"{secret}\n"), ("signer.toml", f"{lines}peers = [{os.getuid()}]\n")):
        files.write_whole(folder / name, [text.encode()], mode=files.PRIVATE)
    return SigningKey.load(folder / "keys", password=secret)


def fill(registry: Registry, exports: Path, out: Path, times: float) -> None:
    """Everybody, what is left in stock, a session today, and a table with rows that make no sense."""
    people_count, dose_count = round(make_province.PEOPLE * times), round(make_province.DOSES * times)
    make_province.write(
        exports, people_count=people_count, dose_count=dose_count, incomplete=round(400 * times), seed=1
    )
    for kind in ("deliveries", "targets"):
        lists.load(registry, kind, exports / f"{kind}.csv", actor=ACTOR)
    today = registry.today()
    stock = [(site, lot, product, 60, today - timedelta(days=3)) for site in SITES for product, lot in LOTS.items()]
    stock.append((SITE, EARLIER_LOT, PRODUCT, 40, today - timedelta(days=40)))
    _table(exports / "stock.csv", ("site", "lot", "product", "doses", "received_on"), stock)
    lists.load(registry, "deliveries", exports / "stock.csv", actor=ACTOR)
    for number, unit in enumerate(sorted(exports.glob("unit-*.csv")), 1):
        if number == HELD_BACK:
            # To be uploaded by whoever learns that.
            (out / unit.name).write_bytes(unit.read_bytes())
        else:
            importing.run(registry, unit, actor=ACTOR)
    due = _due(today)
    style = make_province.STYLES[0]
    rows = [
        [row.get(field, "") for field in make_province.FIELDS] for row in (*due, *(due[0] | wrong for wrong in WRONG))
    ]
    _table(exports / "vp01.csv", [style[field] for field in make_province.FIELDS], rows)
    taken = importing.run(registry, exports / "vp01.csv", actor=ACTOR)
    mending.write(registry, taken.run, out / "mend.xlsx", actor=ACTOR, lang="vi")
    (out / "cards.txt").write_text("\n".join(NEW) + "\n", "utf-8")
    session = sessions.open_session(registry, site=SITE, product=PRODUCT, lot=LOTS[PRODUCT], actor=ACTOR)
    with registry.reading() as connection:
        expected = [one.person_id for one in everybody(connection) if one.doses[-1].dose.lot == EARLIER_LOT]
    sessions.expect(registry, session, expected, actor=ACTOR)


def _due(today: date) -> list[dict[str, str]]:
    """Whose second dose is due today, by their first one at the site of the session."""
    made = make_province.people(26, 26, 0, Chance(9))
    # Neither the twin nor the namesake: who is expected is nobody else's question.
    return [
        {
            "name": f"{one.family} {one.given}", "born": f"{one.born:%d/%m/%Y}", "id": f"098{one.number:09}",
            "phone": f"019{one.number:07}", "district": SITES[SITE], "group": one.group, "product": PRODUCT,
            "dose": "1/2", "date": f"{today - timedelta(days=21 + one.number % 7):%d/%m/%Y}", "site": SITE,
            "lot": EARLIER_LOT,
        }
        for one in made
        if one.number not in (1, 7)
    ]  # fmt: skip


def accounts(registry: Registry) -> str:
    """Make them, and return the table of who may sign in."""
    rows = [("login", "password", "role", "site")]
    token = ""
    for login, wanted in ACCOUNTS.items():
        made = keeping.create(registry, login, wanted, actor=ACTOR, password=PASSWORD)
        if not made.password:
            token = keeping.give_token(registry, made.id, actor=ACTOR)
        rows.append((login, made.password and PASSWORD, ", ".join(wanted.roles), wanted.site or "everywhere"))
    lines = [f"  {login:<9} {password or '(token)':<15} {role:<14} {site}" for login, password, role, site in rows]
    return "\n".join([*lines, f"  token of phanmem: {token}", ""])


def _table(path: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([head, *rows])


def main() -> None:
    """Make it unless it is there, and print who may sign in."""
    parser = argparse.ArgumentParser(description="Make a registry for training, with an account of each role.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--times", type=float, default=0.01, help="so many times 74,000 people (default: 0.01)")
    options = parser.parse_args()
    folder = options.folder
    if not (folder / "registry.db").exists():
        print("Making the TEST province, about half a minute … / Đang tạo tỉnh mẫu, khoảng nửa phút …")
        make(folder, options.times)
    elif not (folder / "accounts.txt").exists():
        raise SystemExit(f"{folder} was left half-way, or is of an earlier version: remove it, and start again.")
    print("Accounts of the TEST province / Tài khoản của tỉnh mẫu (TEST):\n")
    print((folder / "accounts.txt").read_text("utf-8"))
    print(f"Files to learn with / Tệp để tập: {folder / 'files'}")


if __name__ == "__main__":
    main()
