"""Layout of the page: every line with its size, its role and its language, in reading order."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from certificates.credentials.facts import Bearer, CertificateFacts
from locales.languages import rules_of
from operations.codes import grouped

from .pen import MM
from .typeface import BOLD, ITALIC, LABEL, LEADING, REGULAR, Rule, check_printable, fit
from .wording import WORDINGS, Wording, day_text, days_text

LAYOUTS = {"az": ("az",), "az-en": ("az", "en"), "ru": ("ru",)}
SMALLEST = 9.0  # points: nothing on paper is set smaller
_DOT = " · "
# Millimetres, as the frames of the template.
_WIDE, _HIGH = 245, 94.2
_FACTS_WIDE, _FACTS_HIGH, _ABOUT_WIDE, _ABOUT_HIGH, _FOOT_HIGH = 98, 31.6, 194, 17, 13.8
_FONTS = {
    "issuer": BOLD, "issuer-second": ITALIC, "title": BOLD, "title-second": LABEL, "lead": ITALIC, "name": BOLD,
    "other-name": REGULAR, "agency": REGULAR, "agency-second": ITALIC, "qualification": BOLD,
    "qualification-second": ITALIC, "note": REGULAR, "value": BOLD, "value-second": ITALIC, "evidence": REGULAR,
    "foot": REGULAR,
}  # fmt: skip
_NAME: tuple[Rule, ...] = ((1, 33, 19), (2, 18, 13), (3, 13, 10))
_OTHER_NAME: tuple[Rule, ...] = ((1, 12.5, 9), (2, 10, 9))
_QUALIFICATION: tuple[Rule, ...] = ((1, 19, 14.5), (2, 14, 11), (3, 11, 9))
_QUALIFICATION_SECOND: tuple[Rule, ...] = ((1, 13, 10), (2, 10, 9))
_ISSUER: tuple[Rule, ...] = ((1, 13.5, 10), (2, 10, 9))
_ISSUER_SECOND: tuple[Rule, ...] = ((1, 11, 9), (2, 9.5, 9))
_AGENCY: tuple[Rule, ...] = ((1, 11, 9), (2, 10, 9))
_AGENCY_SECOND: tuple[Rule, ...] = ((1, 10, 9), (2, 9.5, 9))
_LEAD: tuple[Rule, ...] = ((1, 11.5, 9), (2, 10, 9))
_NOTE: tuple[Rule, ...] = ((1, 10, 9), (2, 9, 9))
_FOOT: tuple[Rule, ...] = ((1, 10, 9), (2, 9, 9))
_TITLE, _SMALLEST_TITLE = 34.0, 22.0
_SHARES = tuple(share / 20 for share in range(20, 7, -1))  # of the largest sizes, tried one after the other


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


def compose(
    facts: CertificateFacts, bearer: Bearer, *, shown: Mapping[str, str], layout: str, qr: str
) -> ComposedPage:
    """The page in one of LAYOUTS; `shown`: what the bearer has shown, by language; `qr` is the picture as a data
    address.

    NotPrintable when a text holds a character that the fonts lack.
    """
    languages = LAYOUTS[layout]
    main = WORDINGS[languages[0]]
    blocks = (
        PageBlock(name="main", lines=_main(facts, bearer, shown, languages)),
        PageBlock(name="facts", lines=_within(_facts(facts, languages), _FACTS_WIDE, _FACTS_HIGH)),
        PageBlock(name="about", lines=_within(_about(facts, languages), _ABOUT_WIDE, _ABOUT_HIGH)),
        PageBlock(name="seal", lines=_seal(languages)),
        PageBlock(
            name="code", lines=(PageLine(picture=qr, role="Figure", text=_joined(languages, "qr_label")),)
        ),
        PageBlock(name="number", lines=_number(facts, languages)),
        PageBlock(name="foot", lines=_within(_foot(facts, languages), _WIDE, _FOOT_HIGH)),
    )
    title = f"{main.title_plain} {grouped(facts.code)}"
    page = ComposedPage(language=languages[0], title=title, blocks=blocks, words=main)
    for line in page.lines:
        check_printable(line.text)
    return page


def _joined(languages: tuple[str, ...], field: str) -> str:
    texts = [str(getattr(WORDINGS[language], field)) for language in languages]
    return texts[0] if len(texts) == 1 else _DOT.join(text.rstrip(",:") for text in texts)


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """A text of the column before its size is known. `above`: its share of what space is left over."""

    kind: str
    text: str
    rules: tuple[Rule, ...]
    above: float = 0
    role: str = "P"
    language: str = ""


def _main(
    facts: CertificateFacts, bearer: Bearer, shown: Mapping[str, str], languages: tuple[str, ...]
) -> tuple[PageLine, ...]:
    """The column in the middle, from issuer to qualification: as large as all of it has room for, the name always
    larger than the qualification.
    """
    before = _issuer(facts, languages)
    after = (*_bearer(bearer, languages), *_qualification(facts, shown, languages))
    for share in _SHARES:
        title = _title(languages, max(_SMALLEST_TITLE, _TITLE * share))
        set_before, set_after = _set(before, share), _set(after, share)
        points = sum(line.size for line in title) + sum(
            count * line.size for line, count in set_before + set_after
        )
        left = _HIGH * MM - points * LEADING
        if left >= 0:
            break
    given = [0.0] * len(before) + [0.6] + [0.0] * (len(title) - 1) + [each.above for each in after]
    lines = [line for line, _ in set_before] + list(title) + [line for line, _ in set_after]
    unit = max(0.0, min(14.0, left * 0.98 / sum(given)))
    spaced = tuple(replace(line, above=unit * above) for line, above in zip(lines, given, strict=True))
    return _within(spaced, _WIDE, _HIGH)


def _within(lines: tuple[PageLine, ...], wide: float, high: float) -> tuple[PageLine, ...]:
    """Return the lines; all of them smaller where they would be higher than their frame.

    Nothing but texts of the widest letters or a very long address comes to that: what cannot be printed helps nobody.
    """
    for share in _SHARES:
        tried = tuple(
            replace(line, size=round(line.size * share, 2), above=line.above * share) for line in lines
        )
        if sum(_height(line, wide) for line in tried) <= high * MM:
            break
    return tried


def _height(line: PageLine, wide: float) -> float:
    size, count = fit(line.text, _FONTS[line.kind], wide, ((1, line.size, line.size),))
    return line.above + count * size * LEADING


def _set(asked: tuple[_Asked, ...], share: float) -> list[tuple[PageLine, int]]:
    """Each text in this share of its largest size, with the lines that it takes."""
    found: list[tuple[PageLine, int]] = []
    name = math.inf
    for each in asked:
        most = name - 0.5 if each.kind == "qualification" else math.inf
        rules = tuple(
            (lines, min(most, max(smallest, largest * share // 0.5 * 0.5)), min(most, smallest))
            for lines, largest, smallest in each.rules
        )
        size, count = fit(each.text, _FONTS[each.kind], _WIDE, rules)
        name = size if each.kind == "name" else name
        line = PageLine(kind=each.kind, text=each.text, size=size, role=each.role, language=each.language)
        found.append((line, count))
    return found


def _issuer(facts: CertificateFacts, languages: tuple[str, ...]) -> tuple[_Asked, ...]:
    first, *others = languages
    return (
        _Asked(kind="issuer", text=facts.issuer_names[first], rules=_ISSUER, language=first),
        *_second("issuer-second", facts.issuer_names, others, _ISSUER_SECOND),
    )


def _second(
    kind: str, names: Mapping[str, str], languages: Iterable[str], rules: tuple[Rule, ...], above: float = 0
) -> tuple[_Asked, ...]:
    """Return a name in each of the other languages of the page."""
    return tuple(
        _Asked(kind=kind, text=names[each], rules=rules, above=above, language=each) for each in languages
    )


def _title(languages: tuple[str, ...], size: float) -> tuple[PageLine, ...]:
    first, *others = languages
    heading = WORDINGS[first].title
    return (
        PageLine(
            kind="title", text=heading, size=size, right=7 * (len(heading) - 1), role="H1", language=first
        ),
        *(
            PageLine(kind="title-second", text=text, size=SMALLEST, right=3 * (len(text) - 1), language=other)
            for other in others
            for text in [WORDINGS[other].title]
        ),
    )


def _bearer(bearer: Bearer, languages: tuple[str, ...]) -> tuple[_Asked, ...]:
    """Lead, the name in the page's script where it is kept in it, then in every other, then the agency."""
    language = languages[0]
    script = rules_of(language).script
    script = script if script in bearer.names else "Latn"
    found = [
        _Asked(
            kind="lead",
            text=_joined(languages, "lead"),
            rules=_LEAD,
            above=0.7,
            language=language,
        ),
        _Asked(
            kind="name",
            text=bearer.names[script],
            rules=_NAME,
            above=0.7,
            role="H2",
            language=language if script == rules_of(language).script else "az",
        ),
    ]
    others = [bearer.names[other] for other in sorted(bearer.names) if other != script]
    if others:
        found.append(_Asked(kind="other-name", text=_DOT.join(others), rules=_OTHER_NAME, above=0.1))
    return (*found, *_agency(bearer, languages))


def _agency(bearer: Bearer, languages: tuple[str, ...]) -> list[_Asked]:
    """Return the agency in each language of the page that it has a name of its own in."""
    named = {each: bearer.agency.get(each, bearer.agency["az"]) for each in languages}
    found = []
    for place, each in enumerate(languages):
        if place and named[each] == named[languages[0]]:
            continue
        found.append(
            _Asked(
                kind="agency-second" if place else "agency",
                text=f"{named[each]} ({WORDINGS[each].agency_note})",
                rules=_AGENCY_SECOND if place else _AGENCY,
                above=0 if place else 0.4,
                language=each,
            )
        )
    return found


def _qualification(
    facts: CertificateFacts, shown: Mapping[str, str], languages: tuple[str, ...]
) -> tuple[_Asked, ...]:
    first, *others = languages
    passed = _DOT.join(shown[language].rstrip(":") for language in languages) + ":"
    return (
        _Asked(kind="lead", text=passed, rules=_LEAD, above=1.1, language=first),
        _Asked(
            kind="qualification",
            text=facts.qualification_names[first],
            rules=_QUALIFICATION,
            above=0.5,
            role="H3",
            language=first,
        ),
        *_second("qualification-second", facts.qualification_names, others, _QUALIFICATION_SECOND, above=0.1),
    )


def _facts(facts: CertificateFacts, languages: tuple[str, ...]) -> tuple[PageLine, ...]:
    """Return its days, code and version."""
    first, *others = languages
    note = _joined(languages, "both_days")
    size, _ = fit(note, REGULAR, _FACTS_WIDE, _NOTE)
    return (
        PageLine(kind="note", text=_joined(languages, "valid"), size=10, language=first),
        PageLine(
            kind="value", text=days_text(facts.first_day, facts.last_day, first), size=12.5, language=first
        ),
        *(
            PageLine(
                kind="value-second",
                text=days_text(facts.first_day, facts.last_day, other),
                size=10.5,
                language=other,
            )
            for other in others
        ),
        PageLine(kind="note", text=note, size=size, language=first),
        PageLine(kind="note", text=_joined(languages, "code"), size=10, above=3, language=first),
        PageLine(
            kind="value",
            text=f"{facts.qualification_code}{_DOT}{facts.qualification_version}",
            size=12.5,
            language=first,
        ),
    )


def _about(facts: CertificateFacts, languages: tuple[str, ...]) -> tuple[PageLine, ...]:
    """Return on what it rests, a line for each language: edition, day of the sources, whether a lawyer confirmed it."""
    lines = []
    for language in languages:
        words = WORDINGS[language]
        said = [
            f"{words.edition}: {facts.edition}",
            f"{words.law} {day_text(facts.legal_baseline, language)}",
        ]
        text = _DOT.join(filter(None, [*said, _confirmation(facts, language)]))
        size, _ = fit(text, REGULAR, _ABOUT_WIDE, _NOTE)
        lines.append(PageLine(kind="note", text=text, size=size, language=language))
    return tuple(lines)


def _confirmation(facts: CertificateFacts, language: str) -> str:
    """Return whether a national lawyer had confirmed the course; empty where there is none."""
    words, day = WORDINGS[language], facts.law_confirmed_on
    if not facts.of_a_course:
        return ""
    return words.confirmed.format(day=day_text(day, language)) if day else words.not_confirmed


def _seal(languages: tuple[str, ...]) -> tuple[PageLine, ...]:
    return tuple(
        PageLine(kind="sealed", text=WORDINGS[language].sealed, size=SMALLEST, language=language)
        for language in languages
    )


def _number(facts: CertificateFacts, languages: tuple[str, ...]) -> tuple[PageLine, ...]:
    code = grouped(facts.code)
    return (
        PageLine(kind="number", text=code, size=11, right=len(code) - 1, role="P"),
        PageLine(
            kind="number-label", text=_joined(languages, "number"), size=SMALLEST, language=languages[0]
        ),
    )


def _foot(facts: CertificateFacts, languages: tuple[str, ...]) -> tuple[PageLine, ...]:
    """Return what the document is and how to check it: a line for each language, two if there is one."""
    address = facts.base_url.partition("://")[2] + "/verify"
    lines = []
    for place, language in enumerate(languages):
        words = WORDINGS[language]
        check = f"{words.check.format(address=address)} {words.changes}"
        said = [words.evidence, check] if len(languages) == 1 else [f"{words.evidence} {check}"]
        for text in said:
            size, _ = fit(text, REGULAR, _WIDE, _FOOT)
            kind = "foot" if place else "evidence"
            lines.append(PageLine(kind=kind, text=text, size=size, language=language))
    return tuple(lines)
