"""The line beside a statement is short in every language."""

import pytest

from standards.short_names import short_name


@pytest.mark.parametrize(
    ("instrument", "short"),
    [
        (
            "UN Protocol to Punish Trafficking in Persons, Especially Women (Palermo Protocol)",
            "Palermo Protocol",
        ),
        ("Convention on Action against Trafficking (CETS 197)", "Convention on Action against Trafficking"),
        ("Azərbaycan Respublikasının Cinayət Məcəlləsi", "Cinayət Məcəlləsi"),
        (
            "«İnsan alverinə qarşı mübarizə haqqında» Azərbaycan Respublikasının Qanunu, № 958-IIQ",
            "«İnsan alverinə qarşı mübarizə haqqında» Qanun",
        ),
        ("Labour Code of the Republic of Azerbaijan", "Labour Code"),
        (
            "Кодекс Азербайджанской Республики об административных проступках",
            "Кодекс об административных проступках",
        ),
        (
            "Rules on referring victims, Cabinet of Ministers Decision No. 21",
            "Cabinet of Ministers Decision No. 21",
        ),
        ("Qaydalar, Nazirlər Kabinetinin 21 nömrəli qərarı", "Nazirlər Kabinetinin 21 nömrəli qərarı"),
        ("Правила, постановление Кабинета Министров № 21", "постановление Кабинета Министров № 21"),
        (
            "European Court of Human Rights, Zoletić v. Azerbaijan, no. 20116/12",
            "European Court of Human Rights, Zoletić v. Azerbaijan",
        ),
        ("Forced Labour Convention, 1930 (No. 29)", "Forced Labour Convention, 1930"),
        (
            "Beynəlxalq Əmək Təşkilatının «Əmək müfəttişliyi haqqında» 81 nömrəli Konvensiyası",
            "BƏT-in «Əmək müfəttişliyi haqqında» 81 nömrəli Konvensiyası",
        ),
        ("Ümumdünya Səhiyyə Təşkilatı, söhbət üzrə tövsiyələr (2003)", "ÜST, söhbət üzrə tövsiyələr"),
        ("Law", "Law"),
    ],
)
def test_short_name_leaves_number_state_and_title_of_rules(instrument: str, short: str) -> None:
    assert short_name(instrument) == short
