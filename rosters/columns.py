"""Headings become fields: recognised in three languages, or named by hand. What of them may be kept is said here."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from locales.text import fold

# Each field: what it is called here, and how offices head it.
FIELDS = {
    "service_number": pgettext_lazy("roster column", "Service number"),
    "family_name": pgettext_lazy("roster column", "Family name"),
    "given_name": pgettext_lazy("roster column", "Given name"),
    "father_name": pgettext_lazy("roster column", "Father's name"),
    "full_name": pgettext_lazy("roster column", "Family, given and father's name in one column"),
    "unit": pgettext_lazy("roster column", "Unit"),
    "role": pgettext_lazy("roster column", "Role"),
    "email": pgettext_lazy("roster column", "E-mail"),
    "start_date": pgettext_lazy("roster column", "From which day"),
    "end_date": pgettext_lazy("roster column", "Last day of service"),
    "language": pgettext_lazy("roster column", "Language"),
    "sex": pgettext_lazy("roster column", "Sex"),
    "supervisor": pgettext_lazy("roster column", "Supervisor's service number"),
    "national_id": pgettext_lazy("roster column", "National id (only a hash is kept)"),
    "family_name_latin": pgettext_lazy("roster column", "Family name in the passport"),
    "given_name_latin": pgettext_lazy("roster column", "Given name in the passport"),
    "family_name_cyrillic": pgettext_lazy("roster column", "Family name in Cyrillic"),
    "given_name_cyrillic": pgettext_lazy("roster column", "Given name in Cyrillic"),
    "father_name_cyrillic": pgettext_lazy("roster column", "Father's name in Cyrillic"),
}
KNOWN = {
    "service_number": "xidməti nömrə, xidməti nömrəsi, xidməti №, tabel nömrəsi, tabel №, nişan nömrəsi, "
    "vəsiqə nömrəsi, xidməti vəsiqə nömrəsi, şəxsi nömrə, service number, service no, badge number, "
    "employee number, staff number, personnel number, табельный номер, таб номер, таб №, служебный номер, "
    "номер удостоверения, номер жетона, личный номер",
    "family_name": "soyad, soyadı, family name, surname, last name, фамилия",
    "given_name": "ad, adı, given name, first name, name, имя",
    "father_name": "ata adı, atasının adı, father's name, fathers name, patronymic, middle name, отчество",
    "full_name": "soyad ad ata adı, soyadı adı atasının adı, soyadı adı ata adı, s.a.a., saa, a.s.a., "
    "ad soyad ata adı, tam ad, əməkdaş, işçi, full name, name and surname, фио, ф.и.о., "
    "фамилия имя отчество, сотрудник",
    "unit": "bölmə, şöbə, struktur bölmə, idarə, iş yeri, bölmənin kodu, bölmə kodu, unit, department, "
    "office, unit code, подразделение, отдел, структурное подразделение, код подразделения",
    "role": "vəzifə, vəzifəsi, rol, ixtisas, role, position, job title, post, должность, роль",
    "email": "e-poçt, e-poçt ünvanı, poçt, poçt ünvanı, elektron poçt, elektron ünvan, mail, e-mail, email, e-mail address, "
    "email address, эл. почта, электронная почта, почта, адрес электронной почты",
    "start_date": "başlama tarixi, qəbul tarixi, vəzifəyə təyin tarixi, təyinat tarixi, tarixdən, "
    "tarix, start date, date, from, from which day, since, appointed on, дата, дата начала, дата назначения, дата приема, дата приёма, с даты",
    "end_date": "çıxış tarixi, azad olma tarixi, bitmə tarixi, son iş günü, son gün, son günü, end date, last day, last day of service, left on, "
    "дата увольнения, дата окончания, последний день",
    "language": "dil, ünsiyyət dili, language, preferred language, язык",
    "sex": "cins, cinsi, sex, gender, пол",
    "supervisor": "rəhbər, rəhbərin nömrəsi, rəhbərin xidməti nömrəsi, supervisor, manager, "
    "supervisor's number, supervisor's service number, руководитель, номер руководителя, "
    "табельный номер руководителя, служебный номер руководителя",
    "national_id": "fin, fin kod, fin kodu, fərdi identifikasiya nömrəsi, national id, personal id, pin, "
    "фин, фин код, пин",
    "family_name_latin": "soyad latın, soyadı latın, pasportda soyad, family name latin, passport family name, "
    "фамилия латиницей, фамилия в паспорте",
    "given_name_latin": "ad latın, adı latın, pasportda ad, given name latin, passport given name, "
    "имя латиницей, имя в паспорте",
    "family_name_cyrillic": "soyad kiril, soyadı kiril, family name cyrillic, фамилия кириллицей, "
    "фамилия на русском",
    "given_name_cyrillic": "ad kiril, adı kiril, given name cyrillic, имя кириллицей, имя на русском",
    "father_name_cyrillic": "ata adı kiril, father's name cyrillic, отчество кириллицей, отчество на русском",
}
# What a template to fill in has, in this order.
TEMPLATE = (
    "service_number", "family_name", "given_name", "father_name", "unit", "role", "email", "start_date",
    "end_date", "language", "sex", "supervisor",
)  # fmt: skip
KEYS = ("service_number", "email", "national_id")  # by which a person is recognised


HIDDEN = "•••"  # in place of a national id, which is kept nowhere
# What a national id looks like, alone or within a text.
LIKE_AN_ID = re.compile(r"(?<![^\W_])[0-9A-Za-z]{7}(?![^\W_])")


def masked(text: str) -> str:
    """Return a text without anything that looks like a national id: nobody knows yet what its column holds."""
    return LIKE_AN_ID.sub(HIDDEN, text)


def kept_heading(heading: str) -> str:
    """Return a heading as it may be kept, nothing where it may be an id: a file may have none, and begin with a person.

    What is recognised is a heading, and so is a word of seven letters that are not all large: Address.
    """
    if field_of(heading):
        return heading
    kept = LIKE_AN_ID.sub(
        lambda found: found[0] if found[0].isalpha() and not found[0].isupper() else HIDDEN, heading
    )
    return "" if kept == HIDDEN else kept


def _bare(heading: str) -> str:
    """Folded, without what stands in brackets, marks and the star of a required column."""
    text = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", heading)
    return " ".join(re.sub(r"[^\w№]+", " ", fold(text)).split())


_FIELD_OF = {_bare(name): field for field, names in KNOWN.items() for name in names.split(", ")}


def field_of(heading: str) -> str | None:
    """Return the field that a heading names."""
    return _FIELD_OF.get(_bare(heading))


def line_of(lines: list[list[str]]) -> int:
    """Return which of the first lines has the headings: where most are recognised, else the first."""
    known = [len({field for each in line if (field := field_of(each))}) for line in lines]
    best = max(known)
    return known.index(best) if best > 1 else 0


def recognised(headings: list[str]) -> tuple[dict[str, str], list[str]]:
    """Return ({number of the column: field}, headings of which two say the same): those are named by hand."""
    fields = [field_of(heading) for heading in headings]
    twice = [
        heading for heading, field in zip(headings, fields, strict=True) if field and fields.count(field) > 1
    ]
    return {str(n): field for n, field in enumerate(fields) if field and fields.count(field) == 1}, twice


def unused(headings: list[list[str]], mapping: Mapping[str, str]) -> list[str]:
    """Return headings of the columns that say something and are not read. `headings`: as RosterImport keeps them."""
    return [
        heading or _("Column %(number)s") % {"number": place + 1}
        for place, (heading, *samples) in enumerate(headings)
        if str(place) not in mapping and any((heading, *samples))
    ]


def missing(mapping: Mapping[str, str]) -> list[str]:
    """Return what must be named before lines can be checked: codes of `MISSING`."""
    fields = set(mapping.values())
    found = []
    if len(fields) < len(mapping):
        found.append("twice")
    if not fields & set(KEYS):
        found.append("key")
    if "full_name" not in fields and not {"family_name", "given_name"} <= fields:
        found.append("name")
    return found


MISSING = {
    "twice": pgettext_lazy("roster", "Two columns hold the same. Choose one of them."),
    "key": pgettext_lazy(
        "roster",
        "Nobody can be recognised: name the column with service numbers, e-mail addresses or national ids.",
    ),
    "name": pgettext_lazy("roster", "Name the columns with family and given names."),
}
