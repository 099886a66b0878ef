"""Appointments: a place and a time are chosen, somebody says who they are, and gets a ticket, by which it goes on.

choosing   where and when    applying   who wants to come         tickets   looked at, moved, cancelled
at         what these share  guarding   forms that robots filled in, and how many bookings a network makes
"""

from portal_app.public.booking import applying, choosing, tickets

BLUEPRINTS = (choosing.blueprint, applying.blueprint, tickets.blueprint)
