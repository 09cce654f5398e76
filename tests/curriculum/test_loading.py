"""Loading: by code, only what changed, never over an edit, all or nothing."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from assessments.actions import publish_version, save_blueprint, save_family, save_scenario, start_attempt
from assessments.authoring import FamilyFacts
from assessments.models import Blueprint, Scenario, ScenarioVersion
from certificates.actions_rules import save_qualification
from certificates.models import Qualification, QualificationVersion
from clearance.actions import save_function
from clearance.models import DutyFunction
from courses.actions import save_lesson
from courses.actions_editions import publish_edition
from courses.bodies import stream
from courses.drafts import content_of
from courses.models import AssessmentPage, CoursePage, Edition, LessonPage, ModulePage
from courses.rendering import body_of
from curriculum.files import Broken
from curriculum.items import LoadOutcome
from curriculum.loading import load
from curriculum.models import Loaded
from people.actions.agencies import save_role
from people.models import Agency, User
from standards.actions import save_figure, save_term
from standards.models import Figure, Indicator, LegalSource, Term
from tests import tiny

from .conftest import Change

pytestmark = pytest.mark.django_db

COURSE = "courses/signs.yaml"
LESSON = ("lesson", "c1/first/signs")
EXAM = "assessments/scenarios/exam-a.yaml"


def everything() -> dict[str, Any]:
    """Return what a load may change, to be compared before and after."""
    return {
        "loaded": list(Loaded.objects.order_by("kind", "code").values_list("kind", "code", "file_hash")),
        "versions": ScenarioVersion.objects.count(),
        "editions": Edition.objects.count(),
        "pages": [content_of(page) for page in LessonPage.objects.order_by("path")],
        "figure": Figure.objects.values_list("value", flat=True).first(),
    }


def edited_lesson(folder: Path, trainer: User) -> LessonPage:
    load(folder)
    lesson = LessonPage.objects.get(slug="signs")
    texts = {"az": "Əl ilə", "en": "By hand", "ru": "Вручную"}
    return save_lesson(
        module=ModulePage.objects.get(slug="first"), slug="signs", heading=texts, minutes=9,
        legal_date=lesson.legal_date, sources=["PALERMO-3"], competences=["LAB-02"],
        body=stream([{"heading": texts}], seed="x"), by=trainer,
    )  # fmt: skip


class TestFirstLoad:
    def test_everything_is_new(self, folder: Path) -> None:
        report = load(folder)
        assert set(report.outcomes.values()) == {LoadOutcome.NEW}
        assert report.counts()["scenario"] == {LoadOutcome.NEW: 3}
        assert report.notes == ["C1: edition 1 published"]

    def test_texts_stand_in_three_languages(self, folder: Path) -> None:
        load(folder)
        source = LegalSource.objects.get(code="RECALLED")
        assert (source.state_note_az, source.state_note_en, source.state_note_ru) == (  # type: ignore[attr-defined]
            "Açılmayıb", "Not opened", "Не открывался",
        )  # fmt: skip
        indicator = Indicator.objects.get(code="EX3")
        assert (indicator.set.code, indicator.position, indicator.cross_references) == ("AL", 2, ["CD1"])
        assert Agency.objects.get(code="labour-inspection").name_ru == "Инспекция труда"  # type: ignore[attr-defined]

    def test_pages_are_live_in_the_order_of_the_file(self, folder: Path) -> None:
        load(folder)
        module = ModulePage.objects.get(slug="first")
        assert [(page.slug, page.live) for page in module.get_children()] == [
            ("signs", True), ("practice", True), ("exam", True),
        ]  # fmt: skip
        assert AssessmentPage.objects.get(slug="exam").blueprint.code == "EXAM-1"
        assert [lesson.lesson.slug for lesson in Edition.objects.get().lessons.all()] == ["signs"]

    def test_figures_stay_places_in_the_text_and_are_put_in_when_shown(self, folder: Path) -> None:
        load(folder)
        lesson = LessonPage.objects.get(slug="signs")
        assert lesson.body.raw_data[0]["value"]["en"] == "Ring {figure:hotline}.\n\n- One"
        shown = '<p>Ring <span class="nb">152</span>.</p><ul class="bul"><li>One</li></ul>'
        assert shown in body_of(lesson, "en").view("", "")

    def test_rules_are_in_force(self, folder: Path) -> None:
        load(folder)
        version = QualificationVersion.objects.get()
        assert version.rules["valid_months"] == 24
        assert version.rules["legal_baseline"] == "2026-11-24"
        function = DutyFunction.objects.get(code="F8")
        assert function.requirement.versions.get().rules == {
            "format": 2, "roles": ["LAB"], "who": {"az": "müfəttiş", "en": "an inspector", "ru": "инспектор"},
            "needs": ["C1"], "conditions": [], "grace_days": 30, "override": False, "mode": "enforce",
            "enforce_from": None, "basis": "PD", "source": None,
        }  # fmt: skip

    def test_function_that_nobody_can_be_cleared_for_is_advice_until_it_can_be(
        self, folder: Path, change: Change
    ) -> None:
        """No one is stopped for what nobody can earn; the next load after it can be earned enforces."""
        change("clearance/functions.yaml", "needs: [C1]", "needs: [C1, {any: [C8, C9]}]")
        told = "function F8 is loaded as advice: nobody can be cleared for it yet"
        assert load(folder).notes[-1:] == [told]
        versions = DutyFunction.objects.get(code="F8").requirement.versions
        assert versions.get().rules["mode"] == "advise"
        assert load(folder).outcomes["function", "F8"] == LoadOutcome.UNCHANGED
        rules = QualificationVersion.objects.get().rules
        names = rules.pop("name")
        save_qualification(code="C9", names=names, descriptions=names, rules=rules, by=None)
        report = load(folder)
        assert (report.outcomes["function", "F8"], report.notes) == (LoadOutcome.CHANGED, [])
        assert versions.latest("number").rules["mode"] == "enforce"


class TestSecondLoad:
    def test_nothing_changes(self, folder: Path) -> None:
        load(folder)
        before = everything()
        report = load(folder)
        assert set(report.outcomes.values()) == {LoadOutcome.UNCHANGED}
        assert report.notes == []
        assert everything() == before

    def test_only_what_the_file_changed_is_changed(self, folder: Path, change: Change) -> None:
        load(folder)
        change("standards/figures.yaml", "as_of: 2026-11-24", "as_of: 2026-12-01")
        report = load(folder)
        assert report.of(LoadOutcome.CHANGED) == [("figure", "hotline")]
        assert str(Figure.objects.get().as_of) == "2026-12-01"

    def test_a_changed_number_reaches_the_lessons_that_show_it(self, folder: Path, change: Change) -> None:
        load(folder)
        change("standards/figures.yaml", '"152"', '"153"')
        report = load(folder)
        assert report.of(LoadOutcome.CHANGED) == [("figure", "hotline")]
        assert report.notes == []
        assert 'Ring <span class="nb">153</span>' in body_of(LessonPage.objects.get(slug="signs"), "en").view(
            "", ""
        )

    def test_a_changed_lesson_is_one_new_edition(self, folder: Path, change: Change) -> None:
        load(folder)
        change(COURSE, "en: Indicators,", "en: Signs,")
        report = load(folder)
        assert report.of(LoadOutcome.CHANGED) == [LESSON]
        assert LessonPage.objects.get(slug="signs").heading_en == "Signs"  # type: ignore[attr-defined]
        assert [(edition.number, edition.material) for edition in Edition.objects.order_by("number")] == [
            (1, True), (2, False),
        ]  # fmt: skip

    def test_a_new_date_of_the_law_is_a_material_change(self, folder: Path, change: Change) -> None:
        load(folder)
        change(COURSE, "  legal_date: 2026-11-24\n  modules", "  legal_date: 2026-12-01\n  modules")
        load(folder)
        assert Edition.objects.get(number=2).material is True

    def test_what_no_file_names_any_more_stays_and_is_named(self, folder: Path) -> None:
        load(folder)
        (folder / "standards/glossary.yaml").unlink()
        report = load(folder)
        assert report.notes == ["no longer in the files, left as it is: term 1"]
        assert Term.objects.count() == 1


class TestChangedCase:
    def test_it_becomes_a_new_version(self, folder: Path, change: Change) -> None:
        load(folder)
        change("assessments/scenarios/try.yaml", "en: The passport is in the safe.", "en: It is in the safe.")
        assert load(folder).of(LoadOutcome.CHANGED) == [("scenario", "try")]
        versions = Scenario.objects.get(code="try").versions.order_by("number")
        assert [version.number for version in versions] == [1, 2]

    def test_started_attempts_keep_theirs(self, folder: Path, change: Change, officer: User) -> None:
        load(folder)
        blueprint = Blueprint.objects.get(code="TRY-1")
        attempt = start_attempt(blueprint=blueprint, origin="enrolment:x", by=officer)
        change("assessments/scenarios/try.yaml", "points: 4", "points: 5")
        load(folder)
        assert attempt.cases.get().version.number == 1
        assert attempt.cases.get().version.content["stages"][0]["questions"][0]["points"] == 4

    def test_new_words_of_an_indicator_are_a_new_version_too(self, folder: Path, change: Change) -> None:
        load(folder)
        change("standards/indicators.yaml", "en: Papers taken", "en: Papers taken away")
        assert load(folder).of(LoadOutcome.CHANGED) == [
            ("indicator", "CD1"), ("scenario", "exam-a"), ("scenario", "exam-b"), ("scenario", "try"),
        ]  # fmt: skip

    def test_misprint_in_a_code_is_refused_whole_and_named(self, folder: Path, change: Change) -> None:
        """Whether or not anybody has answered: what files may say does not hang on the installation."""
        load(folder)
        before = everything()
        change(EXAM, "code: exam-a-q2\n", "code: exam-a-q3\n")
        change("standards/figures.yaml", "152", "153")
        with override("en"), pytest.raises(Broken, match="exam-a.*exam-a-q2: answers refer to this code"):
            load(folder)
        assert everything() == before

    def test_question_that_is_retired_goes_and_its_code_is_nobody_s(
        self, folder: Path, change: Change
    ) -> None:
        load(folder)
        change(EXAM, "code: exam-a-q2-a", "code: exam-a-q2-b")
        change(EXAM, "  stages:\n", "  retired: [exam-a-q2-a]\n  stages:\n")
        assert load(folder).of(LoadOutcome.CHANGED) == [("scenario", "exam-a")]
        change(EXAM, "code: exam-a-q2-b", "code: exam-a-q2-a")
        with pytest.raises(Broken, match="exam-a-q2-a"):
            load(folder)


class TestChangedDraws:
    """The files' own rules are checked with the files; a trainer may have made more of their cases."""

    @staticmethod
    def more_points(folder: Path, *codes: str) -> None:
        for code in codes:
            path = folder / f"assessments/scenarios/{code}.yaml"
            path.write_text(
                path.read_text(encoding="utf-8").replace("points: 4", "points: 5"), encoding="utf-8"
            )

    def test_cases_that_change_together_are_loaded(self, folder: Path) -> None:
        load(folder)
        self.more_points(folder, "exam-a", "exam-b")
        assert load(folder).of(LoadOutcome.CHANGED) == [("scenario", "exam-a"), ("scenario", "exam-b")]

    def test_cases_that_break_another_assessment_are_refused_whole(self, folder: Path) -> None:
        load(folder)
        rules = Blueprint.objects.get(code="EXAM-1").versions.get().rules
        other = save_family(
            code="OTHER", use="exam", titles={"az": "a", "en": "b", "ru": "c"}, by=None,
            facts=FamilyFacts(role="LAB", outcome="negative", form="labour", child=False),
        )  # fmt: skip
        scenario = save_scenario(
            code="other", family=other, titles={"az": "a", "en": "b", "ru": "c"}, by=None
        )
        content = ScenarioVersion.objects.get(scenario__code="exam-a").content
        publish_version(scenario=scenario, content={**content, "code": "other", "family": "OTHER"}, by=None)
        save_blueprint(
            code="MINE", use="exam", titles={"az": "a", "en": "b", "ru": "c"}, by=None,
            rules={**rules, "draw": [{"from": ["EXAM", "OTHER"], "take": 1}]},
        )  # fmt: skip
        self.more_points(folder, "exam-a", "exam-b")
        with override("en"), pytest.raises(Broken, match="MINE: The draw .* every draw must give the same"):
            load(folder)
        assert Scenario.objects.get(code="exam-a").versions.count() == 1


class TestEditedSince:
    def test_an_edit_is_left_where_the_file_says_nothing_new(self, folder: Path, trainer: User) -> None:
        edited_lesson(folder, trainer)
        report = load(folder)
        assert report.of(LoadOutcome.EDITED) == [LESSON]
        assert LessonPage.objects.get(slug="signs").get_latest_revision_as_object().heading_en == "By hand"

    def test_an_edit_is_not_replaced_by_a_changed_file(
        self, folder: Path, change: Change, trainer: User
    ) -> None:
        edited_lesson(folder, trainer)
        change(COURSE, "en: Indicators,", "en: Signs,")
        assert load(folder).of(LoadOutcome.REFUSED) == [LESSON]
        assert LessonPage.objects.get(slug="signs").get_latest_revision_as_object().heading_en == "By hand"

    @pytest.mark.parametrize("told", [{"overwrite": ["c1/first/signs"]}, {"overwrite_all": True}])
    def test_an_edit_is_replaced_when_told_so(
        self, folder: Path, change: Change, trainer: User, told: dict[str, Any]
    ) -> None:
        edited_lesson(folder, trainer)
        change(COURSE, "en: Indicators,", "en: Signs,")
        report = load(folder, **told)
        assert report.of(LoadOutcome.CHANGED) == [LESSON]
        assert LessonPage.objects.get(slug="signs").heading_en == "Signs"  # type: ignore[attr-defined]

    def test_naming_another_code_replaces_nothing(self, folder: Path, change: Change, trainer: User) -> None:
        edited_lesson(folder, trainer)
        change(COURSE, "en: Indicators,", "en: Signs,")
        report = load(folder, overwrite=["c1/first/exam", "c1/first/sings"])
        assert report.of(LoadOutcome.REFUSED) == [LESSON]
        assert report.notes == ["no file describes “c1/first/sings”: nothing was overwritten"]

    def test_a_published_edit_is_an_edit_too(self, folder: Path, change: Change, trainer: User) -> None:
        lesson = edited_lesson(folder, trainer)
        course = CoursePage.objects.get()
        publish_edition(
            course=course, reason="By hand", material=False, legal_date=lesson.legal_date, by=None
        )
        change(COURSE, "en: Indicators,", "en: Signs,")
        assert load(folder).of(LoadOutcome.REFUSED) == [LESSON]

    def test_a_trainers_draft_is_not_published_along(
        self, folder: Path, change: Change, trainer: User
    ) -> None:
        edited_lesson(folder, trainer)
        change(COURSE, "en: Module,", "en: Part,")
        report = load(folder)
        assert report.of(LoadOutcome.CHANGED) == [("module", "c1/first")]
        assert report.notes == ["C1: no edition, c1/first/signs has a draft not yet published"]
        assert Edition.objects.count() == 1

    def test_a_record_edited_by_hand_is_refused_too(self, folder: Path, change: Change) -> None:
        load(folder)
        figure = Figure.objects.get()
        save_figure(
            code="hotline", name={"az": "a", "en": "b", "ru": "c"}, value="199", unit=None,
            as_of=figure.as_of, source=None, confidence="V", by=None,
        )  # fmt: skip
        change("standards/figures.yaml", '"152"', '"153"')
        assert load(folder).of(LoadOutcome.REFUSED) == [("figure", "hotline")]
        assert Figure.objects.get().value == "199"


class TestMadeByOtherHands:
    def test_an_object_just_as_the_file_says_is_taken_over(self, folder: Path) -> None:
        names = {"az": "Əmək müfəttişi", "en": "Labour inspector", "ru": "Инспектор труда"}
        save_role(code="LAB", names=names, by=None)
        assert load(folder).outcomes[("role", "LAB")] == LoadOutcome.UNCHANGED

    def test_an_object_that_differs_is_left(self, folder: Path) -> None:
        save_term(number=1, az="a", en="b", ru="c", seen_az="no", seen_ru="no", by=None)
        assert load(folder).of(LoadOutcome.REFUSED) == [("term", "1")]
        assert Term.objects.get().az == "a"


class TestBrokenFiles:
    @pytest.mark.parametrize(
        ("name", "old", "new"),
        [
            ("standards/figures.yaml", "format: 1", "format: 9"),  # the schema
            (COURSE, "blueprint: EXAM-1", "blueprint: EXAM-9"),  # a reference
        ],
    )
    def test_nothing_at_all_is_changed(
        self, folder: Path, change: Change, name: str, old: str, new: str
    ) -> None:
        change(name, old, new)
        with pytest.raises(Broken):
            load(folder)
        assert not Loaded.objects.exists()
        assert not LegalSource.objects.exists()
        assert not CoursePage.objects.exists()

    def test_nothing_is_changed_where_the_last_action_refuses(self, folder: Path) -> None:
        names = {"az": "a", "en": "b", "ru": "c"}
        save_function(code="F0", number=8, names=names, gated=True, rules=tiny.rules(who=names), by=None)
        with pytest.raises(Broken, match="^function F8: number: "):
            load(folder)
        assert not Loaded.objects.exists()
        assert not CoursePage.objects.exists()

    def test_what_was_there_stays(self, folder: Path, change: Change) -> None:
        load(folder)
        before = everything()
        change("standards/figures.yaml", '"152"', '"153"')
        change(COURSE, "blueprint: EXAM-1", "blueprint: EXAM-9")
        with pytest.raises(Broken):
            load(folder)
        assert everything() == before


class TestCommands:
    def run(self, *arguments: str) -> str:
        told = StringIO()
        call_command(*arguments, stdout=told)
        return told.getvalue()

    def test_load_tells_what_it_did(self, folder: Path) -> None:
        told = self.run("load_curriculum", "--from", str(folder)).splitlines()
        assert told[:3] == ["role: 1 new", "agency: 1 new", "legal source: 4 new"]
        assert told[-1] == "C1: edition 1 published"

    def test_load_names_file_line_and_field(self, folder: Path, change: Change) -> None:
        change("standards/figures.yaml", "confidence: V", "confidence: W")
        with pytest.raises(CommandError) as refused:
            self.run("load_curriculum", "--from", str(folder))
        assert str(refused.value) == (
            "Nothing was loaded:\n"
            "  standards/figures.yaml, line 7, figures[1].confidence: must be 'S', 'V', 'V2', 'R' or 'U'"
        )

    def test_load_ends_badly_where_an_edit_stands_in_the_way(
        self, folder: Path, change: Change, trainer: User
    ) -> None:
        edited_lesson(folder, trainer)
        change(COURSE, "en: Indicators,", "en: Signs,")
        with pytest.raises(CommandError, match="lesson c1/first/signs\n.*--overwrite CODE"):
            self.run("load_curriculum", "--from", str(folder))

    def test_check_touches_no_database(self, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(0):
            told = self.run("check_curriculum").splitlines()
        assert told[0].startswith("In order: ")
        assert "C0-exam: 6 sets of families, 6 with variants; FO1 in 50 %" in "\n".join(told)

    def test_check_counts_problems(self, folder: Path, change: Change) -> None:
        change("standards/figures.yaml", "format: 1", "format: 9")
        with pytest.raises(CommandError, match="^1 problems:\n  standards/figures.yaml, line 1, format"):
            self.run("check_curriculum", "--from", str(folder))


def test_qualifications_keep_their_old_versions(folder: Path, change: Change) -> None:
    load(folder)
    change("certificates/qualifications.yaml", "valid_months: 24", "valid_months: 12")
    assert load(folder).of(LoadOutcome.CHANGED) == [("qualification", "C1")]
    versions = Qualification.objects.get().versions.order_by("number")
    assert [version.rules["valid_months"] for version in versions] == [24, 12]


def test_assessment_of_another_course_is_refused_in_words(folder: Path, change: Change) -> None:
    """Trainers may have used it in a course of theirs since."""
    load(folder)
    before = everything()
    change(COURSE, "code: C1", "code: C9")
    change(COURSE, "slug: c1", "slug: c9")
    for way in ("first", "renewal"):
        change(
            "certificates/qualifications.yaml",
            f"{way}:\n      - exam: {{course: C1",
            f"{way}:\n      - exam: {{course: C9",
        )
    with (
        override("en"),
        pytest.raises(Broken, match="assessment page c9/.*: .* is an assessment of the course C1"),
    ):
        load(folder)
    assert everything() == before
