"""A broken file is refused with file, line and field, in words."""

from pathlib import Path

import pytest

from curriculum.files import Broken
from curriculum.reading import Curriculum, read_curriculum

from .conftest import Change


def problems(folder: Path) -> list[str]:
    with pytest.raises(Broken) as broken:
        read_curriculum(folder)
    return [str(problem) for problem in broken.value.problems]


def test_the_sample_is_read_whole(folder: Path) -> None:
    curriculum = read_curriculum(folder)
    assert {name: len(value) for name, value in vars(curriculum).items() if name not in ("entries", "places")} == {
        "legal_sources": 4, "indicator_sets": 2, "competences": 1, "critical_errors": 1, "terms": 1,
        "figures": 1, "roles": 1, "agencies": 1, "families": 2, "blueprints": 2, "scenarios": 3, "courses": 1,
        "qualifications": 1, "functions": 1, "confirmations": 0,
    }  # fmt: skip


def test_an_empty_folder_is_an_empty_curriculum(tmp_path: Path) -> None:
    assert read_curriculum(tmp_path) == Curriculum()


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("standards/figures.yaml", "format: 1", "format: 2",
         "standards/figures.yaml, line 1, format: must be 1"),
        ("standards/figures.yaml", '"152"', "152",
         "standards/figures.yaml, line 5, figures[1].value: must be text"),
        ("standards/figures.yaml", "    as_of: 2026-11-24\n", "",
         "standards/figures.yaml, line 3, figures[1].as_of: is missing"),
        ("standards/figures.yaml", "as_of: 2026-11-24", 'as_of: "2026-11-24"',
         "standards/figures.yaml, line 6, figures[1].as_of: must be a day, as 2026-11-24 without quotation marks"),
        ("standards/figures.yaml", "confidence: V", "confidence: sure",
         "standards/figures.yaml, line 7, figures[1].confidence: must be 'S', 'V', 'V2', 'R' or 'U'"),
        ("standards/glossary.yaml", "ru: торговля людьми", 'ru: " "',
         "standards/glossary.yaml, line 3, terms[1].ru: must not be empty"),
        ("standards/indicators.yaml", "not_enough: {az: Surət, en: A copy, ru: Копия}",
         "not_enough: {az: Surət, en: A copy}",
         "standards/indicators.yaml, line 14, indicator_sets[1].indicators[1].not_enough.ru: is missing"),
        ("standards/indicators.yaml", "not_enough:", "not_enuff:",
         "standards/indicators.yaml, line 14, indicator_sets[1].indicators[1].not_enuff: is not a known key"),
        ("standards/indicators.yaml", "not_enough: {az: Surət, en: A copy, ru: Копия}", "not_enough: Surət",
         "standards/indicators.yaml, line 14, indicator_sets[1].indicators[1].not_enough: must have keys of its own"),
        ("courses/signs.yaml", "            - heading: {az: Qanun, en: The law, ru: Закон}\n",
         "            - headline: {az: Qanun, en: The law, ru: Закон}\n",
         "courses/signs.yaml, line 25, course.modules[1].pages[1].body[2].headline: is not a known key"),
        ("courses/signs.yaml", "            - indicators: [CD1]\n",
         "            - indicators: [CD1]\n              heading: {az: A, en: A, ru: А}\n",
         "courses/signs.yaml, line 29, course.modules[1].pages[1].body[4]: a block is exactly one of: paragraph, "
         "heading, law, compare, example, talk, indicators, steps, checklist, table, exhibit, check, key_points"),
        ("courses/signs.yaml", "                    right: true\n", "",
         "courses/signs.yaml, line 31, course.modules[1].pages[1].body[5].check: "
         "exactly one of the options must be right"),
        ("courses/signs.yaml", "            - check:\n", "            - check:\n                kind: riddle\n",
         "courses/signs.yaml, line 31, course.modules[1].pages[1].body[5].check: kind must be one of: "
         "'choice', 'actions', 'indicators', 'match', 'order', 'next_line'"),
        ("courses/signs.yaml", "            - check:\n", "            - check:\n                kind: match\n"
         "                indicators: [CD1, EX3]\n                statements:\n"
         "                  - text: {az: A, en: A, ru: А}\n                    right: CD1\n            - check:\n",
         "courses/signs.yaml, line 34, course.modules[1].pages[1].body[5].check.statements[1].feedback: is missing"),
        ("courses/signs.yaml", "          blueprint: TRY-1\n", "",
         "courses/signs.yaml, line 40, course.modules[1].pages[2].blueprint: is missing"),
        ("assessments/scenarios/try.yaml", "kind: letter", "kind: parcel",
         "assessments/scenarios/try.yaml, line 18, scenario.stages[1].exhibits[1]: "
         "kind must be one of: 'statement', 'note', 'letter', 'ledger', 'messages', 'table'"),
        ("clearance/functions.yaml", "grace_days: 30", "grace_days: -1",
         "clearance/functions.yaml, line 10, functions[1].grace_days: must be greater than or equal to 0"),
        ("clearance/functions.yaml", "roles: [LAB]", "roles: [LAB, LAB]",
         "clearance/functions.yaml, line 8, functions[1].roles: named twice: LAB"),
    ],
)  # fmt: skip
def test_a_broken_file_is_refused_with_line_and_field(
    folder: Path, change: Change, name: str, old: str, new: str, words: str
) -> None:
    change(name, old, new)
    assert words in problems(folder)


def test_a_course_without_a_lesson_is_refused(folder: Path) -> None:
    path = folder / "courses/signs.yaml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("        - lesson: signs"), text.index("        - assessment: practice")
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    assert problems(folder) == ["courses/signs.yaml, line 3, course: a course has at least one lesson"]


def test_problems_of_several_files_come_together(folder: Path, change: Change) -> None:
    change("standards/figures.yaml", "format: 1", "format: 2")
    change("people/roles.yaml", "format: 1", "format: 2")
    assert problems(folder) == [
        "people/roles.yaml, line 1, format: must be 1",
        "standards/figures.yaml, line 1, format: must be 1",
    ]


def test_a_file_that_does_not_belong_is_refused(folder: Path) -> None:
    (folder / "standards" / "laws.yaml").write_text("format: 1\n", encoding="utf-8")
    (told,) = problems(folder)
    assert told.startswith(
        "standards/laws.yaml, line 1: unknown file; a curriculum has: standards/legal-sources"
    )
