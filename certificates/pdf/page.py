"""Layout of the page: every line with its size, its role and its language, in reading order."""

from dataclasses import dataclass, replace
from datetime import date

from certificates.credentials.facts import Bearer, CertificateFacts
from locales.languages import rules_of
from operations.codes import grouped

from .pen import MM
from .typeface import BOLD, ITALIC, LABEL, LABEL_BOLD, LEADING, REGULAR, Rule, check_printable, fit
from .wording import WORDINGS, Wording, day_text, days_text

LAYOUTS = {"az": ("az",), "az-en": ("az", "en"), "ru": ("ru",)}
_DOT = " · "
_WIDE, _NAME_WIDE = 237, 245  # millimetres, as in the template's frames
_BEARER_HIGH, _QUALIFICATION_HIGH = 31.8 * MM, 25.4 * MM
_NAME: tuple[Rule, ...] = ((1, 32, 19), (2, 17, 10))
_OTHER_NAME: tuple[Rule, ...] = ((1, 12.5, 8), (2, 7.5, 5))
_QUALIFICATION: tuple[Rule, ...] = ((1, 20, 15), (2, 13, 11), (3, 8.5, 6))
_PASSED: tuple[Rule, ...] = ((1, 11.5, 6),)
_FOOT: tuple[Rule, ...] = ((1, 7.2, 3.2),)
_SECOND: tuple[Rule, ...] = ((1, 13, 9.5), (2, 8.5, 7), (3, 5.5, 4.5))
_ISSUER: tuple[Rule, ...] = ((1, 13.5, 8), (2, 7, 4))
_ISSUER_SECOND: tuple[Rule, ...] = ((1, 11, 7), (2, 6, 3.5))
_AGENCY: tuple[Rule, ...] = ((1, 10.5, 7), (2, 7, 4.5))
_AGENCY_FIRST: tuple[Rule, ...] = ((1, 10.5, 5), (2, 5, 4))  # one of two languages
_AGENCY_SECOND: tuple[Rule, ...] = ((1, 9, 5), (2, 5, 4))


@dataclass(frozen=True, kw_only=True)
class PageLine:
    """One paragraph, or the picture of the QR code."""

    kind: str = ""
    text: str = ""
    size: float = 0
    above: float = 0  # space in points
    right: float = 0  # what evens out the letter-spacing after the last letter
    role: str = "P"  # in the tag tree
    language: str = ""
    picture: str = ""


@dataclass(frozen=True, kw_only=True)
class PageBlock:
    name: str  # of its frame in the template
    lines: tuple[PageLine, ...]


@dataclass(frozen=True, kw_only=True)
class ComposedPage:
    language: str
    title: str
    blocks: tuple[PageBlock, ...]
    words: Wording

    @property
    def lines(self) -> list[PageLine]:
        return [line for block in self.blocks for line in block.lines]


def compose(facts: CertificateFacts, bearer: Bearer, *, layout: str, qr: str) -> ComposedPage:
    """The page in one of LAYOUTS; `qr` is the picture as a data address.

    NotPrintable when a text holds a character that the fonts lack.
    """
    languages = LAYOUTS[layout]
    main = WORDINGS[languages[0]]
    blocks = (
        PageBlock(name="issuer", lines=_issuer(facts, languages)),
        PageBlock(name="title", lines=_title(languages)),
        PageBlock(name="bearer", lines=_bearer(bearer, languages)),
        PageBlock(name="qualification", lines=_qualification(facts, languages)),
        PageBlock(name="facts", lines=_facts(facts, languages)),
        PageBlock(name="seal", lines=_seal(languages)),
        PageBlock(
            name="code", lines=(PageLine(picture=qr, role="Figure", text=_joined(languages, "qr_label")),)
        ),
        PageBlock(name="number", lines=_number(facts, languages)),
        PageBlock(name="foot", lines=_foot(facts, languages)),
    )
    title = f"{main.title_plain} {grouped(facts.code)}"
    page = ComposedPage(language=languages[0], title=title, blocks=blocks, words=main)
    for line in page.lines:
        check_printable(line.text)
    return page


def _joined(languages: tuple[str, ...], field: str) -> str:
    texts = [str(getattr(WORDINGS[language], field)) for language in languages]
    return texts[0] if len(texts) == 1 else _DOT.join(text.rstrip(",:") for text in texts)


def _issuer(facts: CertificateFacts, languages: tuple[str, ...]) -> tuple[PageLine, ...]:
    lines = []
    for place, language in enumerate(languages):
        text = facts.issuer_names[language]
        font, rules = (ITALIC, _ISSUER_SECOND) if place else (BOLD, _ISSUER)
        size, _ = fit(text, font, _WIDE, rules)
        kind = "issuer-second" if place else "issuer"
        lines.append(PageLine(kind=kind, text=text, size=size, language=language))
    return tuple(lines)


def _title(languages: tuple[str, ...]) -> tuple[PageLine, ...]:
    heading = WORDINGS[languages[0]].title
    first = PageLine(
        kind="title", text=heading, size=38, right=7 * (len(heading) - 1), role="H1", language=languages[0]
    )
    if len(languages) == 1:
        return (first,)
    second = WORDINGS[languages[1]].title
    return (
        first,
        PageLine(
            kind="title-second",
            text=second,
            size=8.5,
            above=1,
            right=3 * (len(second) - 1),
            language=languages[1],
        ),
    )


def _bearer(bearer: Bearer, languages: tuple[str, ...]) -> tuple[PageLine, ...]:
    """Lead, the name in the page's script, then in every other, then the agency in each language; centred.

    The name is set as large as the rest leaves room for.
    """
    language = languages[0]
    script = rules_of(language).script
    script = script if script in bearer.names else "Latn"
    others = [bearer.names[other] for other in sorted(bearer.names) if other != script]
    other_text = _DOT.join(others)
    other_size, other_lines = fit(other_text, REGULAR, _NAME_WIDE, _OTHER_NAME)
    agencies, agency_points = _agencies(bearer, languages)
    rest = 11.5 + agency_points + (other_lines * other_size if others else 0)
    size, lines = fit(bearer.names[script], BOLD, _NAME_WIDE, _NAME)
    size = min(size, (_BEARER_HIGH / LEADING - rest - 2) / lines // 0.5 * 0.5)
    gap = max(0.0, min(8.0, (_BEARER_HIGH - (rest + lines * size) * LEADING) / 2.2))
    name = PageLine(
        kind="name", text=bearer.names[script], size=size, above=gap, role="H2", language=language
    )
    found = [
        PageLine(kind="lead", text=_joined(languages, "lead"), size=11.5, language=language),
        name,
    ]
    if others:
        found.append(PageLine(kind="other-name", text=other_text, size=other_size, above=gap * 0.4))
    first, *second = agencies
    return (*found, replace(first, above=gap * 0.6), *second)


def _agencies(bearer: Bearer, languages: tuple[str, ...]) -> tuple[list[PageLine], float]:
    """The agency in each language of the page that it has a name of its own in, and the points they take."""
    lines: list[PageLine] = []
    points = 0.0
    named = {language: bearer.agency.get(language, bearer.agency["az"]) for language in languages}
    for language in languages:
        place = len(lines)
        if place and named[language] == named[languages[0]]:
            continue
        text = f"{named[language]} ({WORDINGS[language].agency_note})"
        rules = _AGENCY if len(languages) == 1 else _AGENCY_SECOND if place else _AGENCY_FIRST
        size, count = fit(text, ITALIC if place else REGULAR, _NAME_WIDE, rules)
        kind = "agency-second" if place else "agency"
        lines.append(PageLine(kind=kind, text=text, size=size, language=language))
        points += size * count
    return lines, points


def _qualification(facts: CertificateFacts, languages: tuple[str, ...]) -> tuple[PageLine, ...]:
    passed = _joined(languages, "passed").rstrip(":") + ":"
    passed_size, _ = fit(passed, ITALIC, _WIDE, _PASSED)
    names, set_points = [], passed_size
    for place, language in enumerate(languages):
        text = facts.qualification_names[language]
        size, count = fit(text, ITALIC if place else BOLD, _WIDE, _SECOND if place else _QUALIFICATION)
        set_points += size * count
        names.append((text, size, language))
    gap = max(0.0, min(5.0, (_QUALIFICATION_HIGH - set_points * LEADING) / 2))
    (text, size, language), others = names[0], names[1:]
    return (
        PageLine(kind="lead", text=passed, size=passed_size, language=language),
        PageLine(kind="qualification", text=text, size=size, above=gap, role="H3", language=language),
        *(
            PageLine(kind="qualification-second", text=text, size=size, above=gap * 0.4, language=language)
            for text, size, language in others
        ),
    )


def _facts(facts: CertificateFacts, languages: tuple[str, ...]) -> tuple[PageLine, ...]:
    def labelled(label: str, values: list[str], note: str = "") -> list[PageLine]:
        kinds = ["value", "value-second"]
        found = [PageLine(kind="label", text=label, size=6.8, above=4, language=languages[0])]
        for place, value in enumerate(values):
            size = 9.5 if place else 12
            found.append(PageLine(kind=kinds[place], text=value, size=size, language=languages[place]))
        if note:
            found.append(PageLine(kind="label", text=note, size=6.2, language=languages[0]))
        return found

    def dated(day: date, language: str) -> str:
        words = WORDINGS[language]
        return f"{words.edition}: {facts.edition}{_DOT}{words.law} {day_text(day, language)}"

    valid = [days_text(facts.first_day, facts.last_day, language) for language in languages]
    qualification = f"{facts.qualification_code}{_DOT}{facts.qualification_version}"
    lines = labelled(_joined(languages, "valid"), valid, _joined(languages, "both_days"))
    lines += labelled(_joined(languages, "code"), [qualification])
    lines += [
        PageLine(
            kind="label",
            text=dated(facts.legal_baseline, language),
            size=6.8,
            above=4 if not place else 0.6,
            language=language,
        )
        for place, language in enumerate(languages)
    ]
    return tuple(lines)


def _seal(languages: tuple[str, ...]) -> tuple[PageLine, ...]:
    return tuple(
        PageLine(kind="sealed", text=WORDINGS[language].sealed, size=6.4, language=language)
        for language in languages
    )


def _number(facts: CertificateFacts, languages: tuple[str, ...]) -> tuple[PageLine, ...]:
    code = grouped(facts.code)
    return (
        PageLine(kind="number", text=code, size=11, right=len(code) - 1, role="P"),
        PageLine(kind="number-label", text=_joined(languages, "number"), size=6.4, language=languages[0]),
    )


def _foot(facts: CertificateFacts, languages: tuple[str, ...]) -> tuple[PageLine, ...]:
    """Return what the document is and how to check it: a line for each language, two if there is one."""
    address = facts.base_url.partition("://")[2] + "/verify"
    lines = []
    for place, language in enumerate(languages):
        words = WORDINGS[language]
        check = f"{words.check.format(address=address)} {words.changes}"
        said = [words.evidence, check] if len(languages) == 1 else [f"{words.evidence} {check}"]
        kind, font = ("foot", LABEL) if place else ("evidence", LABEL_BOLD)
        for text in said:
            size, _ = fit(text, font, _NAME_WIDE, _FOOT)
            lines.append(PageLine(kind=kind, text=text, size=size, language=language))
    return tuple(lines)
