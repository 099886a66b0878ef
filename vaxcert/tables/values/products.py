"""Vaccines by the names that people call them by, to the codes of the EU's value set, or of WHO's list."""

from __future__ import annotations

import re
from functools import lru_cache

from vaxcert import codes
from vaxcert.codes import prequal
from vaxcert.errors import InputError, Reason
from vaxcert.names import plain

# Names without blanks, each with the products that it may mean, the usual one first. A maker's name goes with several:
# what else stands there says which.
_CALLED: dict[str, tuple[str, ...]] = {
    "comirnaty pfizerbiontech pfizer biontech bnt162b2 tozinameran fosunbiontech pfz bnt": ("EU/1/20/1528",),
    "spikevax moderna mrna1273 elasomeran": ("EU/1/20/1507",),
    "vaxzevria azd1222 chadox1s chadox1ncov19": ("EU/1/21/1529",),
    "astrazeneca az oxfordastrazeneca oxford astra": ("EU/1/21/1529", "Covishield", "AZD2816"),
    "covishield": ("Covishield",),
    "seruminstituteofindia seruminstitute": ("Covishield", "Covovax"),
    "janssen jcovden johnsonjohnson johnsonandjohnson jj jnj ad26cov2s johnson": ("EU/1/20/1525",),
    "sputnikv gamcovidvac": ("Sputnik-V",),
    "sputnik gamaleya": ("Sputnik-V", "Sputnik-Light", "Sputnik-M"),
    "sputniklight": ("Sputnik-Light",),
    "sputnikm": ("Sputnik-M",),
    "bbibpcorv bibp": ("BBIBP-CorV",),
    "verocell vero": ("BBIBP-CorV", "CoronaVac", "Inactivated-SARS-CoV-2-Vero-Cell", "WIBP-CorV"),
    "sinopharm cnbg": ("BBIBP-CorV", "Hayat-Vax", "WIBP-CorV"),
    "wibpcorv": ("WIBP-CorV",),
    "hayatvax hayat": ("Hayat-Vax",),
    "abdala cigb66": ("Abdala",),
    "covaxin bharatbiotech bharat bbv152": ("Covaxin",),
    "coronavac sinovac sinovacbiotech": ("CoronaVac",),
    "nuvaxovid novavax nvxcov2373": ("EU/1/21/1618",),
    "covovax": ("Covovax",),
    "soberana02 soberana2": ("Soberana-02",),
    "soberanaplus": ("Soberana-Plus",),
    "convidecia cansino ad5ncov": ("Convidecia",),
}  # fmt: skip
_MEANT = {name: products for names, products in _CALLED.items() for name in names.split()}
_MEANT |= {plain(text).replace(" ", ""): (code,) for code in codes.PRODUCTS for text in (code,)}
for _code, _product in codes.PRODUCTS.items():
    _MEANT.setdefault(plain(_product.name).replace(" ", ""), (_code,))
# Brands of WHO's list that are one product; of others the ids say which vial it was, and no name does.
for _code, _brand in prequal.BRANDS.items():
    if list(prequal.BRANDS.values()).count(_brand) == 1:
        _MEANT.setdefault(plain(_brand).replace(" ", ""), (_code,))
# What stands beside a name and says nothing of which vaccine it is.
_BESIDE = [
    "vacxin", "vacxine", "vaccine", "vaccin", "vx", "vac", "thuoc", "phong", "ngua", "chong", "benh", "tiem",
    "covid19", "covid", "sarscov2", "ncov", "mui", "lieu", "nualieu", "mrna", "ltd", "inc", "ab", "biotech",
    "inactivated", "bathoat", "bivalent", "nguoilon", "treem", "tre", "tuoi", "cua", "hang", "captim", "naptim",
    "napcam", "napxanh", "tim",
    # Where it was made or bought.
    "my", "hoaky", "usa", "bi", "belgium", "duc", "germany", "anh", "uk", "england", "phap", "italia", "nhat",
    "nhatban", "japan", "hanquoc", "korea", "thuydien", "sweden", "nga", "russia", "cuba", "trungquoc", "tq", "china",
    "backinh", "beijing", "ando", "india", "uae", "g42", "aica",
]  # fmt: skip
# Which dose, how much, for what ages.
_HINT = r"(?:mui|lieu|dose|lan)(?:thu|so)?\d|\d+(?:ml|mcg|ug|g|lieu)"
_AGES = r"(?:tu)?(?:5(?:den|duoi)?1[12]|12(?:den)?1[78]|12)"
_PIECE = re.compile("|".join([_HINT, _AGES, *sorted((*_MEANT, *_BESIDE), key=len, reverse=True)]))


def product(text: str) -> str:
    """The code of the vaccine that a text names, by code, name, maker or trade name. Raises `InputError`.

    Every part of the text has to be known, and all that name a vaccine have to mean the same one.
    """
    if text in codes.PRODUCTS or prequal.kind(text) is not None:
        return text
    if (code := _code_of(text)) is None:
        raise InputError("product", Reason.PRODUCT_UNKNOWN)
    return code


@lru_cache(maxsize=1_000)
def _code_of(text: str) -> str | None:
    letters = plain(text).replace(" ", "")
    if letters in _MEANT:
        return _MEANT[letters][0]
    possible: tuple[str, ...] | None = None
    at = 0
    while at < len(letters):
        found = _PIECE.match(letters, at)
        if found is None:
            return None
        if products := _MEANT.get(found[0]):
            possible = products if possible is None else tuple(one for one in possible if one in products)
        at = found.end()
    return possible[0] if possible else None
