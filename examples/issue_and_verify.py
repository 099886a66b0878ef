"""Sign a dose, draw its code, read the picture back, and verify it: the whole way in one page.

python examples/issue_and_verify.py
"""

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from vaxcert import Dose, IssueLog, Issuer, Person, SigningKey, TrustStore, Verifier, qr


def main() -> None:
    """Issue to a temporary folder, verify, and show what a forged copy gets."""
    with TemporaryDirectory() as folder:
        picture, log = Path(folder) / "card.png", IssueLog(Path(folder) / "issued.jsonl")

        # The issuing side. A real key is made by `vaxcert keys new` and loaded with SigningKey.load.
        key = SigningKey.generate("VN")
        issuer = Issuer(
            key, country="VN", authority="Sở Y tế (TEST)", valid_for=timedelta(days=365), site="VP01", log=log
        )
        person = Person(family_name="Nguyễn", given_name="Mẫu Thử", date_of_birth="1990-05-17")
        dose = Dose(product="EU/1/20/1528", number=2, series=2, date=date(2026, 6, 1))
        issued = issuer.issue(person, dose, operator="desk 1")
        issued.qr().save(picture)
        print(f"issued {issued.certificate_id}, valid until {issued.expires_at:%Y-%m-%d}")
        print(f"the log holds {len(list(log))} entry, and no name")

        # The verifying side knows nothing but the published certificate.
        verifier = Verifier(TrustStore([key.trusted()]))
        (symbol,) = qr.read(picture)
        verdict = verifier.verify(symbol.text)
        certificate = verdict.require()
        print(f"{verdict.status}: {certificate.person.family_name} {certificate.person.given_name}, {certificate.kind}")

        # A reader's slip or a forger's hand: the same answer, and nothing of the card is shown.
        forged = verifier.verify(symbol.text[:-8] + "00000000")
        print(f"{forged.status}: {forged.reason}")


if __name__ == "__main__":
    main()
