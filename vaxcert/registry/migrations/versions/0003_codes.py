"""Codes instead of sentences: why a question is asked, and what is wrong with a row"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

# What stood in the tables until now, word for word, and the code that stands for it from now on.
QUESTIONS = {
    "same identity number": "same_identity_number",
    "two identity numbers": "two_identity_numbers",
    "all else agrees": "all_else_agrees",
    "but the doses do not go together": "doses_do_not_go_together",
    "agrees with two people": "agrees_with_two_people",
    "name, birth date and district agree": "name_birth_date_and_district_agree",
    "two telephone numbers": "two_telephone_numbers",
    "name and birth date agree": "name_and_birth_date_agree",
    "neither telephone nor district does": "neither_telephone_nor_district",
    "telephone agrees": "telephone_agrees",
    "district agrees": "district_agrees",
    "names differ in their tones": "tones_differ",
    "the same words in another order": "words_in_another_order",
    "the same identity number as somebody else's": "identity_number_of_somebody_else",
    "names differ in a letter or two": "letters_differ",
    "two names": "two_names",
    "day and month of birth swapped": "day_and_month_swapped",
    "one birth date is not whole": "birth_date_not_whole",
    "only the year or month of birth is known": "only_year_or_month_of_birth",
    "two birth dates": "two_birth_dates",
    "all agrees after a correction": "agrees_after_correction",
    "the same dose on another day or of another product": "same_dose_otherwise",
}
PROBLEMS = (
    (r"missing, and it does not follow from the product", "not_implied"),
    (r"missing", "missing"),
    (r"empty", "empty"),
    # Of a lot it could also be one that cannot be printed: which of them was not kept.
    (r"longer than (?P<most>\d+) characters(, or not to be printed)?", "too_long"),
    (r"not a whole number from (?P<least>\d) to (?P<most>\d)", "not_a_number"),
    (r"not DD/MM/YYYY or YYYY-MM-DD|not a day", "not_a_date"),
    (r"not YYYY-MM-DD, YYYY-MM or YYYY", "not_a_birth_date"),
    (r"not of 1900 to 2099", "year_impossible"),
    (r"in the future", "in_the_future"),
    (r"before the date of birth", "before_birth"),
    (r"not two capital letters \(ISO 3166 alpha-2\)", "country_invalid"),
    (r"not 1 to 16 capital letters and digits", "site_invalid"),
    (r"cannot be written in A–Z; give \w+", "no_transliteration"),
    (r"not at most 80 of A–Z and <", "transliteration_invalid"),
    (r"no such group", "no_such_group"),
)


REVIEW = sa.table("review", sa.column("reasons", sa.Text()))
REJECT = sa.table("reject", sa.column("problem", sa.Text()), sa.column("said", sa.JSON()))


def upgrade() -> None:
    op.add_column("reject", sa.Column("said", sa.JSON(), nullable=False, server_default="{}"))
    connection = op.get_bind()
    column = REVIEW.c.reasons
    for reasons in connection.scalars(sa.select(column).distinct()).all():
        codes = " ".join(QUESTIONS[reason] for reason in reasons.split("; "))
        connection.execute(sa.update(REVIEW).where(column == reasons).values(reasons=codes))
    column = REJECT.c.problem
    for problem in connection.scalars(sa.select(column).distinct()).all():
        code, said = coded(problem)
        connection.execute(sa.update(REJECT).where(column == problem).values(problem=code, said=said))


def coded(sentence: str) -> tuple[str, dict[str, int]]:
    """The code of what was wrong with a row, and what its words are filled in with."""
    for pattern, code in PROBLEMS:
        if found := re.fullmatch(pattern, sentence):
            return code, {name: int(value) for name, value in found.groupdict().items() if value}
    return "not_valid", {}
