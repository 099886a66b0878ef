"""Appointments: places at sessions, booked without an account, in a database of their own.

registry's session ─staff.offering→ places ─taking.book→ a ticket ─moved, cancelled→ ─staff.arriving→ the desk

The public's process opens this database with its key, and never the registry. Who booked is sealed to a key that the
desk's side alone has: what takes bookings cannot read them afterwards, but for initials and a year of birth.

schema, states   the tables · how far a booking is       store      `Bookings`: opened, one writer at a time
sealing          for the desk alone                      offers     what there is to choose from
applicants       who wants a place, as they typed it     places     who has one, and who moves up
taking           booked, moved, cancelled                icalendar  the appointment for a calendar
staff            what the registry's side and the desk do
"""

from vaxcert.booking.store import Bookings

__all__ = ["Bookings"]
