"""Who has an appointment today: found by the ticket, checked in as somebody on record, or entered as somebody new.

day       the day's appointments, and where a ticket is scanned
checking  one of them, and who it is on record
offering  places at sessions of days to come
"""

from portal_app.arrivals import checking, day, offering

BLUEPRINTS = (day.blueprint, checking.blueprint, offering.blueprint)
