"""For programs of clinics: record a dose and get its certificate, by HTTP, each request as often as the network needs.

routes   what may be asked        asked     a request's JSON as a person and a dose
problems what went wrong          openapi   the description, which the tests hold the routes to
mounting the portal behind it
"""

from portal_app.api.mounting import mounted

__all__ = ["mounted"]
