"""Which bookings a command works on, as the desk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from vaxcert.booking import Bookings

URL = click.option(
    "--booking", "url", envvar="VAXCERT_BOOKING", default="sqlite:///booking.db", show_default=True, metavar="URL",
    help="sqlite:///FILE or postgresql://…  [env: VAXCERT_BOOKING]",
)  # fmt: skip
KEY = click.option(
    "--booking-key", "key_file", envvar="VAXCERT_BOOKING_KEY", default="booking.key", show_default=True, metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The key that the public's side has too.  [env: VAXCERT_BOOKING_KEY]",
)  # fmt: skip
DESK_KEY = click.option(
    "--desk-key", "desk_key_file", envvar="VAXCERT_BOOKING_DESK_KEY", default="booking-desk.key", show_default=True,
    metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
    help="The key that opens who booked; keep it from the public's side.  [env: VAXCERT_BOOKING_DESK_KEY]",
)  # fmt: skip


@contextmanager
def opened(url: str, key_file: Path, desk_key_file: Path) -> Iterator[Bookings]:
    """Open bookings as the desk. Raises `ConfigurationError`, without the database's own words."""
    from sqlalchemy.exc import SQLAlchemyError

    from vaxcert.booking import Bookings
    from vaxcert.registry.connecting import database_error

    try:
        with Bookings.open(url, key_file, desk_key_file) as found:
            yield found
    except SQLAlchemyError as error:
        kind = type(getattr(error, "orig", None) or error).__name__
        raise database_error(error, f"the bookings' database: {kind}") from None
