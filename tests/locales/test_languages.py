"""One file knows which languages there are; no other lists them."""

import ast
from pathlib import Path

import polib
from django.conf import settings

from locales.languages import CATALOGUES, LANGUAGE_NAMES, LANGUAGES, RULES, rules_of
from locales.translations import in_every_language
from tests.test_architecture import ROOT, sources

CODES = set(LANGUAGES)
# Where all three stand beside each other all the same, and why.
ALLOWED = {
    "locales/languages.py": "the list itself",
    "elearning/settings/base.py": "the issuer's names are settings; Wagtail names its languages by catalogue",
    "certificates/credentials/facts.py": "the signed format holds exactly these",
    "certificates/making.py": "texts of the signed format",
    "certificates/criteria.py": "texts of the signed format",
    "certificates/source_exam.py": "texts of the signed format",
    "certificates/source_qualification.py": "texts of the signed format",
    "certificates/source_recognition.py": "texts of the signed format",
    "clearance/forms_rules.py": "labels of columns",
    "certificates/pdf/wording.py": "what is printed in each language",
    "people/forms/names.py": "labels of columns",
    "people/forms/people.py": "languages that officers speak, of which the product's are some",
    "standards/actions.py": "columns of the glossary",
    "curriculum/checks_texts.py": "longest columns of the glossary",
    "curriculum/checks_words.py": "words of each language that were corrected once",
    "curriculum/content_rules/facts.py": "names of months in each language",
    "curriculum/content_rules/languages.py": "quotation marks and letters of each language",
    "curriculum/schema/review.py": "who confirms what, as the files name it",
    "curriculum/review_pack.py": "the same, one document each",
}


def listed(path: Path) -> list[int]:
    """Lines of literals of which the items, the first parts of items, or the keys are all languages."""
    lines = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        items: list[ast.expr | None] = []
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            items = [
                item.elts[0] if isinstance(item, ast.Tuple) and item.elts else item for item in node.elts
            ]
        elif isinstance(node, ast.Dict):
            items = list(node.keys)
        values = {item.value for item in items if isinstance(item, ast.Constant)}
        if {value.rpartition("_")[2] for value in values if isinstance(value, str)} >= CODES:
            lines.append(node.lineno)
    return lines


def test_only_one_module_lists_the_languages() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): lines
        for path in sources()
        if "demo" not in path.parts and (lines := listed(path))
    }
    assert {name: lines for name, lines in found.items() if name not in ALLOWED} == {}
    assert set(ALLOWED) - set(found) == set()  # what needs no exception any more has none


def test_no_list_of_languages_is_in_templates_or_scripts() -> None:
    wrong = [
        path.relative_to(ROOT).as_posix()
        for pattern in ("*/templates/**/*.html", "*/static/**/*.js")
        for path in ROOT.glob(pattern)
        if path.relative_to(ROOT).parts[0] != "var"  # what the demo has collected
        and set(path.read_text(encoding="utf-8").replace('"', " ").replace("'", " ").split()) >= CODES
    ]
    assert wrong == []


def test_settings_take_the_languages_from_their_list() -> None:
    assert dict(settings.LANGUAGES) == LANGUAGE_NAMES
    assert tuple(settings.MODELTRANSLATION_LANGUAGES) == LANGUAGES
    assert set(CATALOGUES) == {
        path.parent.parent.name for path in ROOT.glob("locales/*/LC_MESSAGES/django.po")
    }


def test_catalogues_have_the_plural_forms_of_their_language() -> None:
    for code, rule in CATALOGUES.items():
        file = polib.pofile(str(ROOT / "locales" / code / "LC_MESSAGES" / "django.po"))
        forms = RULES[code].plural_forms
        assert file.metadata["Plural-Forms"] == f"nplurals={forms}; plural=({rule});"
        assert {len(entry.msgstr_plural) for entry in file if entry.msgid_plural} == {forms}


def test_another_language_follows_the_rules_of_azerbaijani() -> None:
    assert rules_of("de") is rules_of(None) is RULES["az"]


def test_text_of_the_catalogues_is_told_in_every_language() -> None:
    assert in_every_language("Headquarters") == {
        "az": "Mərkəzi aparat", "en": "Headquarters", "ru": "Центральный аппарат",
    }  # fmt: skip
