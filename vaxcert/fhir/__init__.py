"""FHIR R4: vaccinations and laboratory results of other systems as ours, and ours as theirs.

Bundle ─read→ Person and entries · Person, Dose ─bundle→ Bundle. Which code means what stands in `fhir.tables`, with its
sources; what of a resource is not read here is left alone.
"""

from vaxcert.fhir.reading import Statement, read
from vaxcert.fhir.writing import bundle

__all__ = ["Statement", "bundle", "read"]
