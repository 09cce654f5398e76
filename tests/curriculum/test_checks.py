"""What files must agree on between them."""

from pathlib import Path

import pytest

from curriculum.checks import check, prospects
from curriculum.reading import read_curriculum

from .conftest import Change

EXAM = "assessments/scenarios/exam-a.yaml"
COURSE = "courses/signs.yaml"


def problems(folder: Path) -> list[str]:
    return [str(problem) for problem in check(read_curriculum(folder))]


def test_the_sample_agrees(folder: Path) -> None:
    assert problems(folder) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("standards/indicators.yaml", "cross_references: [CD1]", "cross_references: [CD9]",
         "standards/indicators.yaml, line 21, indicator_sets[1].indicators[2].cross_references: there is no indicator “CD9”"),
        ("standards/competences.yaml", "role: LAB", "role: POL",
         "standards/competences.yaml, line 4, competences[1].role: there is no role “POL”"),
        (COURSE, "critical_errors: [ERR-DELAY]", "critical_errors: [ERR-DELAYS]",
         f"{COURSE}, line 17, course.modules[1].pages[1].critical_errors: there is no critical error “ERR-DELAYS”"),
        (COURSE, "source: PALERMO-3", "source: PALERMO-4",
         f"{COURSE}, line 28, course.modules[1].pages[1].body[3].law.source: there is no legal source “PALERMO-4”"),
        (COURSE, "- indicators: [CD1]", "- indicators: [CD2]",
         f"{COURSE}, line 29, course.modules[1].pages[1].body[4].indicators: there is no indicator “CD2”"),
        (COURSE, "blueprint: EXAM-1", "blueprint: EXAM-2",
         f"{COURSE}, line 47, course.modules[1].pages[3].blueprint: there is no blueprint “EXAM-2”"),
        (EXAM, "{code: ERR-DELAY,", "{code: ERR-DELAYS,",
         f"{EXAM}, line 12, scenario.critical_errors[1].code: there is no critical error “ERR-DELAYS”"),
        ("certificates/qualifications.yaml", "- exam: {course: C1, blueprint: EXAM-1}\n    renewal",
         "- exam: {course: C1, blueprint: TRY-1}\n    renewal",
         "certificates/qualifications.yaml, line 7, qualifications[1].first[1].exam.blueprint: practice earns no qualification"),
        ("clearance/functions.yaml", "needs: [C1]", "needs: []",
         "clearance/functions.yaml, line 9, functions[1].needs: a function that is gated needs something"),
        ("clearance/functions.yaml", "gated: true", "gated: false",
         "clearance/functions.yaml, line 7, functions[1].gated: a function that is never refused needs nothing and sets no condition"),
        ("clearance/functions.yaml", "basis: PD", "basis: D",
         "clearance/functions.yaml, line 3, functions[1].source: name the law or the recommendation on which it rests"),
        ("clearance/functions.yaml", "basis: PD", "enforce_from: 2027-01-01\n    basis: PD",
         "clearance/functions.yaml, line 11, functions[1].enforce_from: it is enforced already: leave the day out"),
        ("clearance/functions.yaml", "basis: PD", "basis: L\n    source: {az: t, en: Recommendation 19, ru: r}",
         "clearance/functions.yaml, line 11, functions[1].basis: a recommendation is not a law: D"),
    ],
)  # fmt: skip
def test_a_reference_that_leads_nowhere_is_named(
    folder: Path, change: Change, name: str, old: str, new: str, words: str
) -> None:
    change(name, old, new)
    assert words in problems(folder)


def test_codes_are_unique_over_all_files(folder: Path, change: Change) -> None:
    change(EXAM, "code: exam-a-f1", "code: exam-b-f1")
    change("standards/indicators.yaml", "code: EX3", "code: CD1")
    assert problems(folder) == [
        "assessments/scenarios/exam-b.yaml, line 26, scenario.stages[1].exhibits[1].facts[1].code: "
        "another part of a case has the code “exam-b-f1”",
        "standards/indicators.yaml, line 15, indicator_sets[1].indicators[2].code: another indicator has the code “CD1”",
    ]


def test_code_that_is_retired_is_given_to_no_other_case(folder: Path, change: Change) -> None:
    change("assessments/scenarios/exam-b.yaml", "  stages:\n", "  retired: [exam-a-q2, gone]\n  stages:\n")
    [problem] = problems(folder)
    assert problem.endswith("scenario.retired: another part of a case has the code “exam-a-q2”")


def test_a_family_is_drawn_for_its_own_use(folder: Path, change: Change) -> None:
    change("assessments/blueprints.yaml", "{from: [TRY], take: 1}", "{from: [TRY, EXAM], take: 1}")
    assert problems(folder) == [
        "assessments/blueprints.yaml, line 6, blueprints[1].draw[1].from[2]: "
        "The family EXAM is not open to this use."
    ]


def test_a_family_that_is_not_there_is_named(folder: Path, change: Change) -> None:
    change("assessments/blueprints.yaml", "{from: [TRY], take: 1}", "{from: [TRI], take: 1}")
    assert problems(folder) == [
        "assessments/blueprints.yaml, line 6, blueprints[1].draw[1].from[1]: There is no family TRI."
    ]


def test_draws_that_carry_other_points_are_named(folder: Path, change: Change) -> None:
    change("assessments/scenarios/exam-b.yaml", "points: 4", "points: 5")
    assert problems(folder) == [
        "assessments/blueprints.yaml, line 19, blueprints[2].draw: "
        "The draw exam-a gives 6 points and the draw exam-b gives 7: every draw must give the same."
    ]


def test_an_assessment_belongs_to_one_course(folder: Path) -> None:
    text = (folder / COURSE).read_text(encoding="utf-8")
    other = (
        text.replace("code: C1", "code: C2")
        .replace("slug: c1", "slug: c2")
        .replace("lesson: ", "lesson: other-")
    )
    (folder / "courses/other.yaml").write_text(other, encoding="utf-8")
    words = [problem for problem in problems(folder) if "is an assessment of the course" in problem]
    assert [problem.rpartition(": ")[2] for problem in words] == [
        "“TRY-1” is an assessment of the course C2", "“EXAM-1” is an assessment of the course C2",
    ]  # fmt: skip


def test_a_qualification_names_the_course_of_its_exam(folder: Path) -> None:
    text = (folder / COURSE).read_text(encoding="utf-8")
    other = (
        text.replace("code: C1", "code: C2")
        .replace("slug: c1", "slug: c2")
        .replace("lesson: ", "lesson: other-")
    )
    (folder / COURSE).write_text(other, encoding="utf-8")
    name = "certificates/qualifications.yaml"
    assert [one for one in problems(folder) if "no such exam" in one] == [
        f"{name}, line 7, qualifications[1].first[1].exam.blueprint: the course C1 has no such exam",
        f"{name}, line 9, qualifications[1].renewal[1].exam.blueprint: the course C1 has no such exam",
    ]


def test_what_can_be_drawn_is_told(folder: Path) -> None:
    told = {
        code: (found.sets, found.exams, found.percents) for code, found in prospects(read_curriculum(folder))
    }
    assert told == {"TRY-1": (1, 1, [("TRY", 100)]), "EXAM-1": (1, 2, [("EXAM", 100)])}


def test_case_that_is_not_negative_is_failed_by_sending_away_and_by_doing_nothing(
    folder: Path, change: Change
) -> None:
    families = folder / "assessments/families.yaml"
    families.write_text(families.read_text().replace("outcome: negative", "outcome: open"))
    told = [each for each in problems(folder) if each.startswith(EXAM)]
    assert told == [
        f"{EXAM}, line 12, scenario.critical_errors: a case that is not negative has a critical error on {what}"
        for what in ("referral: on an act that must be done", "the verdict that sends the person away")
    ]  # waiting is one, but what is left undone is not
    change(
        EXAM,
        "right: do-not\n              critical: ERR-DELAY",
        "right: do\n              critical: ERR-DELAY",
    )
    [told_of_the_verdict] = [each for each in problems(folder) if each.startswith(EXAM)]
    assert told_of_the_verdict.endswith("on the verdict that sends the person away")
    change(EXAM, "              critical: ERR-DELAY\n", "")
    change(
        EXAM,
        "  critical_errors:\n    - {code: ERR-DELAY, story: {az: O gözləyərdi., en: He would have waited., ru: Он бы ждал.}}\n",
        "  critical_errors: []\n",
    )
    told = [each for each in problems(folder) if each.startswith(EXAM)]
    assert told[1:] == [
        f"{EXAM}, line 11, scenario.critical_errors: "
        "a case that is not negative has a critical error on the verdict that sends the person away"
    ]
    assert told[0].endswith(
        "a case that is not negative has a critical error on referral: on an act that must be done"
    )


def test_case_of_an_exam_has_at_most_two_critical_lines(folder: Path, change: Change) -> None:
    line = """            - code: exam-a-q2-{}
              text: {{az: Gözləyirəm, en: I wait, ru: Жду}}
              right: do-not
              critical: ERR-DELAY
              reason: {{az: Gec olar, en: Too late, ru: Будет поздно}}
"""
    path = folder / EXAM
    path.write_text(path.read_text() + line.format("b") + line.format("c"))
    assert problems(folder) == [
        f"{EXAM}, line 12, scenario.critical_errors: 3 critical lines: a case of an exam has at most 2"
    ]


class TestAnswerKeys:
    """Nothing marked R or U, and no cross-reference, may decide a mark."""

    def test_an_indicator_that_was_not_read_decides_nothing(self, folder: Path, change: Change) -> None:
        change("standards/indicators.yaml", "        confidence: V2\n        text: {az: Sənəd alınıb",
               "        confidence: U\n        text: {az: Sənəd alınıb")  # fmt: skip
        assert [told for told in problems(folder) if told.startswith(EXAM)] == [
            f"{EXAM}, line 40, scenario.stages[1].questions[1].options[1].indicator: "
            "“CD1” was not read (R or U) and may not decide a mark"
        ]

    def test_a_set_that_was_not_read_decides_nothing(self, folder: Path, change: Change) -> None:
        change("standards/legal-sources.yaml", "confidence: V2", "confidence: R")
        change(EXAM, "sources: [PALERMO-3, DELPHI]", "sources: [PALERMO-3]")
        assert [told for told in problems(folder) if told.startswith(EXAM)] == [
            f"{EXAM}, line 40, scenario.stages[1].questions[1].options[1].indicator: "
            "“CD1” was not read (R or U) and may not decide a mark"
        ]

    def test_decision_131_is_a_cross_reference_only(self, folder: Path, change: Change) -> None:
        change(EXAM, "indicator: CD1", "indicator: A131-06")
        assert (
            f"{EXAM}, line 40, scenario.stages[1].questions[1].options[1].indicator: "
            "“A131-06” is a cross-reference only; name the indicator that it maps to"
        ) in problems(folder)

    def test_a_case_rests_on_sources_that_were_read(self, folder: Path, change: Change) -> None:
        change(EXAM, "sources: [PALERMO-3, DELPHI]", "sources: [RECALLED]")
        assert problems(folder) == [
            f"{EXAM}, line 10, scenario.sources: “RECALLED” was not read (R or U): a case may not rest on it"
        ]

    def test_a_critical_error_rests_on_a_source_that_was_read(self, folder: Path, change: Change) -> None:
        change("standards/critical-errors.yaml", "source: PALERMO-3", "source: RECALLED")
        assert (
            f"{EXAM}, line 12, scenario.critical_errors[1].code: "
            "“ERR-DELAY” rests on a source that was not read"
        ) in problems(folder)

    def test_what_is_only_quoted_fails_nobody(self, folder: Path, change: Change) -> None:
        change("standards/critical-errors.yaml", "source: PALERMO-3", "source: D131")
        assert (
            f"{EXAM}, line 12, scenario.critical_errors[1].code: "
            "“ERR-DELAY” rests on a source that is only quoted"
        ) in problems(folder)

    def test_a_case_rests_on_more_than_what_is_only_quoted(self, folder: Path, change: Change) -> None:
        change(EXAM, "sources: [PALERMO-3, DELPHI]", "sources: [D131]")
        assert problems(folder) == [
            f"{EXAM}, line 10, scenario.sources: a case rests on more than what is only quoted"
        ]

    def test_a_lesson_with_a_self_check_rests_on_sources_that_were_read(
        self, folder: Path, change: Change
    ) -> None:
        change(COURSE, "sources: [PALERMO-3]", "sources: [PALERMO-3, RECALLED]")
        assert problems(folder) == [
            f"{COURSE}, line 19, course.modules[1].pages[1].sources: "
            "“RECALLED” was not read (R or U): a self-check may not rest on it"
        ]

    def test_a_self_check_asks_for_no_indicator_that_was_not_read(self, folder: Path, change: Change) -> None:
        answers = "text: {az: a, en: a, ru: а}, feedback: {az: b, en: b, ru: б}"
        change(
            COURSE,
            "            - key_points:",
            "            - check:\n                kind: indicators\n"
            "                question: {az: s, en: s, ru: с}\n                options:\n"
            f"                  - {{{answers}, right: true, indicator: CD1}}\n"
            f"                  - {{{answers}}}\n            - key_points:",
        )
        assert problems(folder) == []
        change("standards/legal-sources.yaml", "confidence: V2", "confidence: R")
        told = "“CD1” was not read (R or U): a self-check may not rest on it"
        assert [
            line.rpartition(".indicator: ")[2] for line in problems(folder) if line.startswith(COURSE)
        ] == [told]

    def test_a_self_check_rests_on_no_competence_that_was_not_read(
        self, folder: Path, change: Change
    ) -> None:
        change("standards/competences.yaml", "confidence: S", "confidence: U")
        told = "“LAB-02” was not read (R or U): a self-check may not rest on it"
        assert [
            line.rpartition(".competences: ")[2] for line in problems(folder) if line.startswith(COURSE)
        ] == [told]

    def test_an_act_that_decides_marks_was_read_and_says_where_to_check_it(
        self, folder: Path, change: Change
    ) -> None:
        change(
            "standards/legal-sources.yaml",
            "    confidence: S\n    quoted_only: true\n",
            "    confidence: S\n",
        )
        told = [line.rpartition(": ")[2] for line in problems(folder)]
        assert "an act that was not read in its own text is only quoted" in told
        assert "say that it is to be checked on e-qanun.az before print" in told

    def test_a_case_that_cannot_be_marked_is_refused(self, folder: Path, change: Change) -> None:
        change(EXAM, "competence: LAB-02\n", "competence: LAB-09\n")
        told = problems(folder)
        assert [line.rpartition(": ")[2] for line in told] == [
            "LAB-09 is not among those of the question",
            "there is no competence “LAB-09”",
        ]


class TestTexts:
    def test_a_word_that_mixes_scripts_is_named(self, folder: Path, change: Change) -> None:
        change("people/roles.yaml", "az: Əmək müfəttişi", "az: Əmək müfəttішi")
        assert problems(folder) == [
            "people/roles.yaml, line 3, roles[1].name.az: “müfəttішi” mixes Latin and Cyrillic letters"
        ]

    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            ("az: Soruşuram", "az: Yetkin şəxs", "“Yetkin şəxs”: yetkinlik yaşına çatmış şəxs"),
            ("az: Soruşuram", "az: Sərhəd ünsür deyil", "“Sərhəd ünsür”: sərhədin keçilməsi"),
            ("ru: Спрашиваю", "ru: Граница не элемент", "“Граница не элемент”: пересечение границы"),
            ("ru: Спрашиваю", "ru: Нелегальный мигрант", "“Нелегальный мигрант”: the offence is of the act"),
            ("en: I ask", "en: I hand over the victim", "“hand over the victim”: a person is referred"),
        ],
    )
    def test_a_word_that_was_corrected_does_not_come_back(
        self, folder: Path, change: Change, old: str, new: str, told: str
    ) -> None:
        change(COURSE, old, new)
        [problem] = problems(folder)
        assert told in problem

    def test_markup_stays_in_paragraphs(self, folder: Path, change: Change) -> None:
        change(COURSE, "en: Trafficking is a crime.", "en: Trafficking is <b>a crime</b>.")
        assert problems(folder) == [
            f"{COURSE}, line 27, course.modules[1].pages[1].body[3].law.statement.en: "
            "no markup here, it belongs to paragraphs"
        ]

    def test_an_unknown_figure_is_named(self, folder: Path, change: Change) -> None:
        change(COURSE, "Ring {figure:hotline}", "Ring {figure:helpline}")
        assert problems(folder) == [
            f"{COURSE}, line 23, course.modules[1].pages[1].body[1].paragraph.en: there is no figure “helpline”"
        ]

    def test_a_text_longer_than_its_column_is_named(self, folder: Path, change: Change) -> None:
        change("people/roles.yaml", "en: Labour inspector", f"en: {'a' * 121}")
        assert problems(folder) == [
            "people/roles.yaml, line 3, roles[1].name.en: longer than 120 characters (121)"
        ]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("figure: hotline", "figure: nobody", "there is no figure “nobody”"),
        ("codes: [CD1]", "codes: [CD9]", "there is no indicator “CD9”"),
        ("codes: [CD1]", "codes: [EX3]", "“EX3” has no look-alike (not_enough)"),
    ],
)
def test_field_sheet_names_what_there_is(
    folder: Path, change: Change, old: str, new: str, words: str
) -> None:
    change(COURSE, old, new)
    [problem] = problems(folder)
    assert problem.endswith(words)
