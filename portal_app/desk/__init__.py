"""The desk: whom a dose is for, the dose, and the paper that comes out of it.

sessions  the day's session, and its sheet    today     who is expected, here, done
finding   whom somebody means                 person    one record
known     a dose of somebody on record        newcomer  somebody new, with or without a dose
dose      after it: certificate, undo, event  paper     what is printed
at        what these share: the session that is chosen, and who is shown whole
"""

from portal_app.desk import dose, finding, known, newcomer, paper, person, sessions, sheet, today

BLUEPRINTS = (
    today.blueprint, finding.blueprint, sessions.blueprint, sheet.blueprint, person.blueprint, known.blueprint,
    newcomer.blueprint, dose.blueprint, paper.blueprint,
)  # fmt: skip
