"""Priority groups: the nine headings of Vietnam's Resolution 21/NQ-CP (2021) to begin with; a site may have its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select

from vaxcert.registry import schema


class Group(NamedTuple):
    """A group's code, as tables give it, and its names."""

    code: str
    name_vi: str
    name_en: str


DEFAULT = (
    Group("1", "Tuyến đầu: y tế, chống dịch, quân đội, công an", "Front line: health, epidemic, army, police"),
    Group("2", "Ngoại giao, hải quan, xuất nhập cảnh", "Diplomacy, customs, immigration"),
    Group("3", "Dịch vụ thiết yếu: vận tải, du lịch, điện, nước", "Essential: transport, tourism, power, water"),
    Group("4", "Giáo dục và cơ quan tiếp xúc nhiều người", "Education, and offices that meet many people"),
    Group("5", "Bệnh mạn tính, trên 65 tuổi", "Chronic illness, older than 65"),
    Group("6", "Sinh sống tại vùng có dịch", "Living where the epidemic is"),
    Group("7", "Người nghèo, đối tượng chính sách xã hội", "The poor, and those under social policy"),
    Group("8", "Được cử đi công tác, học tập, lao động ở nước ngoài", "Sent abroad to work or study"),
    Group("9", "Đối tượng khác theo quyết định của Bộ Y tế", "Others, as the Ministry of Health decides"),
)  # fmt: skip


def put(connection: Connection, groups: Sequence[Group]) -> None:
    """Make these the priority groups, and no others."""
    connection.execute(delete(schema.priority_group))
    rows = [{**group._asdict(), "position": position} for position, group in enumerate(groups)]
    connection.execute(insert(schema.priority_group), rows)


def listed(connection: Connection) -> list[Group]:
    """The priority groups in their order."""
    table = schema.priority_group
    rows = connection.execute(select(table).order_by(table.c.position))
    return [Group(row.code, row.name_vi, row.name_en) for row in rows]
