"""Short names of instruments, for one line; the whole title stands behind the tap."""

import re

KNOWN_AS = re.compile(r"\(([^()\d]+)\)$")  # … (Palermo Protocol)
NUMBER = re.compile(r"(?: \([^()]*\d[^()]*\)|, (?:№|[Nn]o\.) \S+)$")  # … (CETS 197); …, No. 958-IIQ
TITLE_OF_RULES = re.compile(
    r"^.+, (?=[^,]+ № \d+|[^,]+ No\. \d+|[^,]+ \d+ nömrəli)(?=[^,]+$)"
)  # …, Decision No. 21
SHORTER = (
    ("Azərbaycan Respublikasının Qanunu", "Qanun"),
    ("Azərbaycan Respublikasının ", ""),
    (" of the Republic of Azerbaijan", ""),
    (" Азербайджанской Республики", ""),
    ("Beynəlxalq Əmək Təşkilatının", "BƏT-in"),
    ("Beynəlxalq Əmək Təşkilatı", "BƏT"),
    ("Ümumdünya Səhiyyə Təşkilatı", "ÜST"),
)


def short_name(instrument: str) -> str:
    """Return the name in brackets at the end, else the title without its number and without naming the State, and
    organisations by their letters.
    """
    if known := KNOWN_AS.search(instrument):
        return known[1]
    name = TITLE_OF_RULES.sub("", NUMBER.sub("", instrument))
    for whole, short in SHORTER:
        name = name.replace(whole, short)
    return name
