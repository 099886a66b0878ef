"""All that a unit's sheet says of somebody is kept: sealed where it is theirs alone, found where nobody knows its code."""

import csv
from pathlib import Path
from typing import Any

import pytest

from vaxcert import ConfigurationError, InputError
from vaxcert.registry.care import changing, privacy
from vaxcert.registry.database import Registry
from vaxcert.registry.intake import importing, lists
from vaxcert.registry.records import people
from vaxcert.registry.reports.findings import findings
from vaxcert.registry.transfer import export, restore

SHEET = {
    "Họ và tên": "Nguyễn Mẫu Thử", "Ngày sinh": "17/05/2019", "Giới tính": "Nữ", "Quốc tịch": "Việt Nam",
    "Số CCCD": "099000000001", "SĐT liên hệ": "0100000001 / 0100000002", "Số thẻ BHYT": "TE1990000000001",
    "Quận/Huyện": "Tam Đảo", "Xã/Phường": "Hồ Sơn", "Địa chỉ chi tiết": "Xóm Mẫu 3", "Người giám hộ": "Trần Ví Dụ",
    "Nghề nghiệp": "Học sinh", "Nhóm đối tượng": "Trẻ em 5–11", "Vắc xin": "Comirnaty", "Mũi": "Mũi 1",
    "Ngày tiêm": "01/03/2026", "Cơ sở tiêm chủng": "Trạm Y tế xã Hồ Sơn", "Số lô": "L1",
}  # fmt: skip
TOLD = {
    "sex": "female", "nationality": "Việt Nam", "commune": "Hồ Sơn", "guardian": "Trần Ví Dụ", "occupation": "Học sinh",
    "district": "Tam Đảo", "priority_group": "", "group_told": "Trẻ em 5–11", "address": "Xóm Mẫu 3",
    "insurance_number": "TE1990000000001", "other_phones": "0100000002",
}  # fmt: skip


def sheet(place: Any, *changes: dict[str, str]) -> Path:
    path: Path = place.folder / "sheet.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, SHEET)
        table.writeheader()
        table.writerows([SHEET | change for change in changes or ({},)])
    return path


@pytest.fixture
def taken(place: Any) -> Any:
    report = importing.run(place.registry, sheet(place), actor="clerk")
    assert report.counts == {"new": 1, "rejected": 0}
    assert report.understood["unread"] == []
    return place


def told(place: Any, registry: Registry | None = None) -> dict[str, str]:
    (one,) = place.people()
    return people.told(one.profile, (registry or place.registry).secrets)


def test_everything_that_a_sheet_says_is_kept_and_shown_to_whom_it_is_about(taken: Any) -> None:
    assert told(taken) == TOLD
    (version,) = privacy.export_person(taken.registry, 1, actor="chief")["person"]
    assert version.items() >= (TOLD | {"phone": "0100000001", "national_id": "099000000001"}).items()


def test_addresses_insurance_numbers_and_further_telephones_are_sealed(taken: Any) -> None:
    for path in taken.folder.glob("registry.db*"):
        for secret in ("Xóm Mẫu", "TE199", "0100000002"):
            assert secret.encode() not in path.read_bytes()


def test_what_a_sheet_says_besides_goes_with_the_person(taken: Any) -> None:
    privacy.delete_person(taken.registry, 1, actor="chief", reason="asked")
    for path in taken.folder.glob("registry.db*"):
        for word in ("Trần Ví Dụ", "Trẻ em", "Trạm Y tế", "Hồ Sơn"):
            assert word.encode() not in path.read_bytes()


def test_an_export_takes_it_along(taken: Any, tmp_path: Path) -> None:
    export(taken.registry, tmp_path / "whole.zip", actor="chief")
    with Registry.create(f"sqlite:///{tmp_path / 'other.db'}", taken.key_file, clock=lambda: taken.now) as other:
        restore(other, tmp_path / "whole.zip", actor="chief")
        taken.registry.engine.dispose()
        taken.registry = other
        assert told(taken) == TOLD


def test_a_later_sheet_fills_in_what_was_not_known_and_takes_nothing_away(place: Any) -> None:
    few = dict.fromkeys(("Giới tính", "Địa chỉ chi tiết", "Nghề nghiệp", "Cơ sở tiêm chủng"), "")
    importing.run(place.registry, sheet(place, few), actor="clerk")
    importing.run(place.registry, sheet(place, {"Số thẻ BHYT": ""}), actor="clerk")
    assert told(place) == TOLD
    (one,) = place.people()
    assert one.doses[0].dose.site_told == "Trạm Y tế xã Hồ Sơn"


def test_a_group_and_a_site_without_a_code_cost_no_dose_and_are_found(taken: Any) -> None:
    found = {finding.kind: finding.told for finding in findings(taken.registry)}
    assert found == {"unknown_group": "Trẻ em 5–11", "unknown_site": "Trạm Y tế xã Hồ Sơn"}
    changing.correct_person(taken.registry, 1, {"priority_group": "6"}, actor="a", reason="list")
    changing.correct_dose(taken.registry, 1, {"site": "VP01"}, actor="a", reason="list")
    assert list(findings(taken.registry)) == []


def test_groups_and_sites_are_known_by_name_as_well_as_by_code(place: Any) -> None:
    (place.folder / "sites.csv").write_text("site,name,district\nVP01,Trạm Y tế xã Hồ Sơn,Tam Đảo\n", "utf-8")
    lists.load(place.registry, "sites", place.folder / "sites.csv", actor="chief")
    by_name = {"Cơ sở tiêm chủng": "TRẠM Y TẾ XÃ HỒ SƠN", "Nhóm đối tượng": "Bệnh mạn tính, trên 65 tuổi"}
    importing.run(place.registry, sheet(place, by_name), actor="clerk")
    (one,) = place.people()
    assert (one.profile.priority_group, one.profile.group_told) == ("5", "")
    assert (one.doses[0].dose.site, one.doses[0].dose.site_told) == ("VP01", "")


def test_a_site_and_a_group_are_known_by_their_codes_once_a_list_has_them_until_that_is_taken_back(taken: Any) -> None:
    from vaxcert.registry import audit, runs
    from vaxcert.registry.groups import DEFAULT, Group

    def called() -> tuple[tuple[str, str], tuple[str, str]]:
        (one,) = taken.people()
        dose = one.doses[0].dose
        return (dose.site, dose.site_told), (one.profile.priority_group, one.profile.group_told)

    before = called()
    assert before == (("", "Trạm Y tế xã Hồ Sơn"), ("", "Trẻ em 5–11"))
    path = taken.folder / "sites.csv"
    path.write_text("site,name,district\nVP01,TRẠM Y TẾ XÃ HỒ SƠN,Tam Đảo\n", "utf-8")
    loaded = lists.load(taken.registry, "sites", path, actor="chief")
    assert loaded == (1, (2, 1, 0))
    changed = lists.change_groups(taken.registry, [*DEFAULT, Group("10", "Trẻ em 5–11", "Children")], actor="chief")
    assert changed == (3, 0, 1)
    assert called() == (("VP01", ""), ("10", ""))
    assert list(findings(taken.registry)) == []
    versions = privacy.export_person(taken.registry, 1, actor="chief")
    assert [(one["site"], one["reason"]) for one in versions["doses"]] == [
        ("", "import of sheet.csv"), ("VP01", "list of sites"),
    ]  # fmt: skip
    assert [(one["priority_group"], one["changed_by"]) for one in versions["person"]] == [
        ("", "clerk"),
        ("10", "chief"),
    ]
    # Once is enough, and an import that it builds upon is not taken back before it.
    assert lists.load(taken.registry, "sites", path, actor="chief").resolved.run is None
    assert importing.run(taken.registry, sheet(taken), actor="clerk").counts == {"again": 1, "rejected": 0}
    with pytest.raises(ConfigurationError, match="builds upon it"):
        runs.undo(taken.registry, 1, actor="chief")
    for run in (changed.run, loaded.resolved.run):
        runs.undo(taken.registry, run, actor="chief")
    assert called() == before
    audit.check(taken.registry)


def test_a_code_that_is_no_site_of_a_certificate_is_resolved_by_no_list(taken: Any) -> None:
    path = taken.folder / "sites.csv"
    path.write_text("site,name,district\nvp-01,Trạm Y tế xã Hồ Sơn,Tam Đảo\n", "utf-8")
    assert lists.load(taken.registry, "sites", path, actor="chief").resolved == (None, 0, 0)


def test_what_was_taken_down_wrong_is_corrected_and_the_same_again_is_no_correction(taken: Any) -> None:
    for changes in ({"address": "Xóm Mẫu 4"}, {"insurance_number": ""}, {"occupation": "Giáo viên", "sex": "male"}):
        changing.correct_person(taken.registry, 1, changes, actor="a", reason="seen")
        assert told(taken).items() >= changes.items()
        with pytest.raises(InputError, match="nothing_to_change"):
            changing.correct_person(taken.registry, 1, changes, actor="a", reason="seen")


def test_a_number_that_says_nothing_is_kept_as_it_was_written_and_finds_nobody(place: Any) -> None:
    from vaxcert.registry.records.now import numbers

    rows = (
        {"Số CCCD": "12345", "SĐT liên hệ": "113"},
        {"Họ và tên": "Lê Hư Cấu", "Số CCCD": "12345", "SĐT liên hệ": ""},
    )
    importing.run(place.registry, sheet(place, *rows), actor="clerk")
    assert [numbers(place.registry, one.profile)[1] for one in place.people()] == ["12345", "12345"]
    assert [one.profile.features.national_id for one in place.people()] == [None, None]
    changing.correct_person(place.registry, 1, {"national_id": "099000000001"}, actor="a", reason="card seen")
    assert place.people()[0].profile.features.national_id


@pytest.mark.parametrize(("field", "most"), [("Địa chỉ chi tiết", 300), ("Người giám hộ", 160), ("Nghề nghiệp", 200)])
def test_what_is_longer_than_can_be_kept_is_rejected_and_not_cut(place: Any, field: str, most: int) -> None:
    report = importing.run(place.registry, sheet(place, {field: "x" * (most + 1)}), actor="clerk")
    assert report.counts == {"rejected": 1}
    assert [(problem.reason, dict(problem.said)) for problem in report.problems] == [("too_long", {"most": most})]
