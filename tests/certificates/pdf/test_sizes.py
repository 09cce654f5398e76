"""How large everything is set, as another program reads it from the file."""

import dataclasses
from itertools import product

import pytest

from certificates.credentials.facts import Bearer
from certificates.pdf.document import LAYOUTS
from tests.type_sizes import sizes_of, too_small

from ..proof_values import BEARER, FACTS, changed
from .conftest import Make, text_of

NAMES = {"Latn": BEARER.name, "Cyrl": BEARER.names["Cyrl"]}
# As long as the fields of a person allow: 60 letters, 60, and 70 with oğlu.
LONGEST = {
    "Latn": " ".join([("Şıxəlibəyzadə-" * 5)[:60], ("Məhəmmədhüseyn-" * 5)[:60], ("Əbdülrəhimxan-" * 6)[:65] + " oğlu"]),
    "Cyrl": " ".join([("Мирзабейли-" * 6)[:60], ("Магомедгусейн-" * 5)[:60], ("Абдулрагимхан-" * 6)[:65] + " оглы"]),
}  # fmt: skip
TITLE = "İnsan alverinin qurbanlarının ilkin müəyyən edilməsi və dövlət qurumlarına yönləndirilməsi " * 3
LONG = {
    "names": LONGEST,
    "agency": {language: f"{language} {TITLE}"[:160].strip() for language in ("az", "en", "ru")},
}
TITLES = dict.fromkeys(("az", "en", "ru"), TITLE[:200].strip())
SITE = "https://sertifikatlasdirma.milli-telim-merkezi.gov.az"
SEVERAL = "C0 12, C1-LAB 14, C1-POL 11, C1-MIG 10, C1-SHE 9"


@pytest.mark.parametrize(("layout", "long"), list(product(LAYOUTS, (False, True))))
def test_name_is_larger_than_the_qualification_and_nothing_smaller_than_nine_points(
    make: Make, layout: str, long: bool
) -> None:
    bearer = dataclasses.replace(BEARER, **LONG) if long else BEARER
    facts = FACTS
    if long:
        facts = changed(
            base_url=SITE,
            qualification_names=TITLES,
            issuer_names=TITLES,
            edition=SEVERAL,
            law_confirmed_on=None,
        )
    data = make(facts=facts, bearer=bearer, layout=layout)
    (page,) = sizes_of(data)
    script, language = ("Cyrl", "ru") if layout == "ru" else ("Latn", "az")
    name, qualification = bearer.names[script], facts.qualification_names[language]
    assert too_small(data) == []
    set_in = {word: size for text, size in page for word in text.split()}
    assert set_in[name.split()[0]] > set_in[qualification.split()[0]]
    heading, *others = sorted({size for _text, size in page}, reverse=True)
    assert long or set_in[name.split()[0]] == others[0] < heading


@pytest.mark.parametrize("layout", LAYOUTS)
def test_whatever_the_fields_hold_all_of_it_is_printed(make: Make, layout: str) -> None:
    """As many of the widest letters as each field takes, and the longest address of a site: one that cannot be printed
    would be in the making for ever.
    """
    letters = {"az": "W", "en": "M", "ru": "Щ"}
    names = {
        script: " ".join([letter * 60, letter * 60, letter * 70])
        for script, letter in (("Latn", "W"), ("Cyrl", "Щ"))
    }
    bearer = dataclasses.replace(
        BEARER, names=names, agency={language: letter * 160 for language, letter in letters.items()}
    )
    facts = changed(
        base_url=f"https://{'w' * 63}.{'m' * 63}.{'w' * 60}.gov.az",
        qualification_names={
            language: f"{letter * 20} " * 9 + letter * 10 for language, letter in letters.items()
        },
        issuer_names={language: letter * 160 for language, letter in letters.items()},
        qualification_code="W" * 20,
        qualification_version=32_767,
        edition="W" * 100,
        law_confirmed_on=None,
    )
    data = make(facts=facts, bearer=bearer, layout=layout)
    in_russian = 160 + 190 + 160 if layout == "ru" else 0  # agency, qualification, issuer
    assert text_of(data).count("Щ") == 190 + in_russian
    (page,) = sizes_of(data)
    assert min(size for _text, size in page) >= 4


@pytest.mark.parametrize("layout", LAYOUTS)
def test_name_stands_in_the_script_of_the_page_where_it_is_kept_in_it(make: Make, layout: str) -> None:
    (page,) = sizes_of(make(layout=layout))
    size = {script: max(size for text, size in page if NAMES[script] in text) for script in NAMES}
    assert (size["Cyrl"] > size["Latn"]) == (layout == "ru")
    latin = Bearer(names={"Latn": BEARER.name}, agency=BEARER.agency, salt=BEARER.salt)
    (page,) = sizes_of(make(bearer=latin, layout=layout))
    assert (
        max(size for text, size in page if BEARER.name in text) > size["Latn" if layout == "ru" else "Cyrl"]
    )
