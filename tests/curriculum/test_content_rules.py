"""The rules of content hold for what ships, and a breach of each is told with file, line and what to do."""

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from curriculum.content_rules import content_problems
from curriculum.content_rules.facts import numbers_in
from curriculum.content_rules.languages import _quotes
from curriculum.content_rules.passages import sentences_of
from curriculum.reading import DATA, read_curriculum

from .conftest import Change

COURSE = "courses/signs.yaml"
EXAM = "assessments/scenarios/exam-a.yaml"
PRACTICE = "assessments/scenarios/try.yaml"


def problems(folder: Path) -> list[str]:
    return [str(problem) for problem in content_problems(read_curriculum(folder))]


def told_by(folder: Path, change: Change, name: str, old: str, new: str) -> list[str]:
    """Return what is told after a change and was not before."""
    before = set(problems(folder))
    change(name, old, new)
    return [problem for problem in problems(folder) if problem not in before]


def test_command_finds_nothing_in_what_ships_and_ends_with_a_table() -> None:
    output = StringIO()
    call_command("check_curriculum", stdout=output)
    lines = output.getvalue().splitlines()
    heads = [line.split(" | ")[0] for line in lines if " | " in line]
    assert heads == ["course", *(course.code for course in read_curriculum().courses)]
    (inspectors,) = [line for line in lines if line.startswith("C1-LAB |")]
    assert inspectors.split(" | ")[1:4] == ["LAB", "7", "34"]
    assert inspectors.split(" | ")[5:7] == ["2/2/2", "2"]


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        # --- facts
        (COURSE, "az: Bir iş., en: One case.", "az: 2 iş., en: One case.",
         "numbers differ (az 2; en –; ru –): write them alike in the three languages"),
        (COURSE, "az: Bir iş., en: One case., ru: Одно дело.", "az: 9 may, en: 9 March, ru: 9 мая",
         "months differ (az 5; en 3; ru 5): write them alike in the three languages"),
        (COURSE, "az: Bir iş., en: One case., ru: Одно дело.", "az: EX1 var, en: EX1 is there, ru: CD1 есть",
         "codes differ (az EX1; en EX1; ru CD1): write them alike in the three languages"),
        (COURSE, "Ring {figure:hotline}", "Ring them",
         "figures differ (az hotline; en –; ru hotline): write them alike in the three languages"),
        (COURSE, "az: Bir iş., en: One case., ru: Одно дело.", "az: 90 manat, en: 90 AZN, ru: 90 манатов",
         "“90 manat”: amounts and telephones come from figures, {figure:code}"),
        # --- languages
        (COURSE, "az: Bir iş.", "az: 'Bir \"iş\".'", '" is no quotation mark of az: «…», within it “…”'),
        (COURSE, "ru: Одно дело.", "ru: Одно «дело.", "« is not closed"),
        (COURSE, "ru: Одно дело.", "ru: Одно „дело“.", "„…“ stands only within «…»"),
        (COURSE, "az: Bir iş.", "az: Bir är iş.", "ä: no letter of Azerbaijani (look-alikes of ə and i are usual)"),
        (COURSE, "az: Bir iş.", "az: Isə başlayın.", "“Isə”: İ with its dot"),
        (COURSE, "az: Bir iş.", "az: Bakı'da iş.", "“ı'd”: Azerbaijani has no apostrophe before an ending"),
        (COURSE, "az: Bir iş.", f"az: {'Burada bir dosta yol sorulur. ' * 4}",
         "96 letters without ə: is it written with its own letters?"),
        (COURSE, "az: Bir iş.", "az: Одно дело.", "not written in the script of az"),
        (COURSE, "az: Bir iş.", "az: Bir case of iş.", "“of” is of another language"),
        (COURSE, "en: One case.", "en: One iş.", "“iş” is of another language"),
        (COURSE, "ru: Одно дело.", "ru: Одно дело case.", "“case” is of another language"),
        (COURSE, "az: Bir iş., en: One case.", "az: Bir iki case, en: Bir iki case",
         "the same in az and en: one is not translated"),
        (COURSE, "en: One case.", "en: One case in which much more is told than elsewhere.",
         "letters: az 7, en 51, ru 10; do the three say the same?"),
        # --- sentences and minutes
        (COURSE, "az: Bir iş.", f"az: Bir {'iş ' * 36}", "a sentence of 37 words (most: 35): make two of"),
        # --- lessons
        (COURSE, "sources: [PALERMO-3]", "sources: [DELPHI]", "its law blocks cite PALERMO-3 too"),
        (COURSE, "legal_date: 2026-11-24\n  modules", "legal_date: 2026-11-25\n  modules",
         "the oldest of its lessons is 2026-11-24"),
        ("certificates/qualifications.yaml", "legal_baseline: 2026-11-24", "legal_baseline: 2026-11-25",
         "C1 rests on texts of 2026-11-24: write that day"),
        # --- exams
        ("standards/competences.yaml", "competences:\n",
         "competences:\n  - {code: LAB-03, role: LAB, level: K, basis: x, confidence: S, "
         "text: {az: Bilir, en: Knows, ru: Знает}}\n",
         "asked by no family of the exam of C1: 2 families at least"),
        ("standards/competences.yaml", "competences:\n",
         "competences:\n  - {code: LAB-03, role: LAB, level: K, basis: x, confidence: S, "
         "text: {az: Bilir, en: Knows, ru: Знает}}\n",
         "no lesson of C1 teaches it"),
        (COURSE, "critical_errors: [ERR-DELAY]", "critical_errors: []",
         "no lesson of C1 treats it: name it there under critical_errors"),
        (EXAM, "              critical: ERR-DELAY\n", "", "no option of this case is this error: leave it out"),
    ],
)  # fmt: skip
def test_a_breach_is_told(folder: Path, change: Change, name: str, old: str, new: str, told: str) -> None:
    found = told_by(folder, change, name, old, new)
    assert [problem for problem in found if told in problem], found


def test_a_lesson_that_is_only_read_or_takes_other_minutes_is_told(folder: Path) -> None:
    told = "\n".join(problems(folder))
    assert "begins with an exhibit or a talk, then a check" in told
    assert "15 words in az and 1 checks take 1 minutes: write 1" in told
    assert "1 checks of 1 kinds: 3 of 2 at least" in told
    assert "no lesson asks: actions, indicators, match, next_line, order" in told
    assert "no talk of this module goes on by a next_line" in told


@pytest.mark.parametrize("name", [COURSE, PRACTICE])
def test_words_of_an_exam_stand_in_no_lesson_and_no_practice(folder: Path, change: Change, name: str) -> None:
    eight = "the keys of the store are with her"
    change(EXAM, "en: The passport is in the safe.", f"en: 'He says: {eight}.'")
    assert not [line for line in problems(folder) if "say it otherwise" in line]
    place = "en: One case." if name == COURSE else "en: The passport is in the safe."
    change(name, place, f"en: '{eight.capitalize()} alone.'")
    (told,) = [line for line in problems(folder) if "say it otherwise" in line]
    assert told.startswith(f"{EXAM}, line 24, ")
    assert f"“{eight}” stands in {name}, line " in told


def test_what_says_how_every_case_is_asked_may_be_alike(folder: Path, change: Change) -> None:
    task = "en: Read all the material and then say what you do."
    change(EXAM, "en: You are an inspector.", task)
    change(PRACTICE, "en: You are an inspector.", task)
    assert not [line for line in problems(folder) if "say it otherwise" in line]


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """A copy of the files that ship."""
    return Path(shutil.copytree(DATA, tmp_path / "curriculum"))


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_feature_that_tells_the_outcome_is_told(shipped: Path) -> None:
    assert problems(shipped) == []
    edit(shipped, "assessments/scenarios/la1-a.yaml", "sector: construction", "sector: farm")
    (told,) = problems(shipped)
    assert "sector “farm” tells the outcome: LA1, LA3 are all positive" in told


def test_a_term_of_the_glossary_is_said_as_given(shipped: Path) -> None:
    edit(shipped, "courses/c0.yaml", "специального полицейского органа", "особого отдела полиции")
    found = problems(shipped)
    assert [line for line in found if "“special police agency” is “специальный полицейский орган”" in line]


def test_right_answers_that_are_known_by_their_place_are_told() -> None:
    curriculum = read_curriculum()
    (course,) = [course for course in curriculum.courses if course.code == "C0"]
    checks = [block.check for lesson in course.lessons for block in lesson.body if block.check]
    for check in (check for check in checks if check.kind in ("choice", "next_line")):
        check.options.sort(key=lambda option: (not option.right, len(option.text.en)))
    told = [problem.message for problem in content_problems(curriculum)]
    assert any(message.startswith("the right answer stands in the same place in ") for message in told)


def test_a_question_code_ends_in_its_number(shipped: Path) -> None:
    edit(shipped, "assessments/scenarios/la1-a.yaml", "code: la1a-q1\n", "code: la1a-q1b\n")
    assert [line for line in problems(shipped) if "`q3b` beside `q3`" in line]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("2 000 manat", {"2000"}), ("2,000 manats", {"2000"}), ("saat 7:00", {"7"}), ("09:30", {"9", "30"}),
        ("articles 91, 98, 249–254", {"91", "98", "249", "254"}), ("144-1.3", {"144", "1", "3"}),
    ],
)  # fmt: skip
def test_numbers_are_read_however_a_language_writes_them(text: str, numbers: set[str]) -> None:
    assert numbers_in(text) == numbers


def test_an_initial_ends_no_sentence() -> None:
    text = "R. gəldi. O, cavab vermədi! Saat 7-də M. də gəldi."
    assert list(sentences_of(text)) == ["R. gəldi.", "O, cavab vermədi!", "Saat 7-də M. də gəldi."]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("az", "O dedi: «“Tez olun!” – hamıya»."), ("en", "She said: “Shout ‘be quick’ at my sister's.”"),
        ("en", "The workers’ cards, R.'s and T.’s"), ("ru", "Он: «при слове „полиция“ замолчал»."),
    ],
)  # fmt: skip
def test_quotation_marks_of_each_language_stay(language: str, text: str) -> None:
    assert list(_quotes(text, language)) == []
