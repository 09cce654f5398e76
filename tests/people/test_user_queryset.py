"""Which records stand for a person: asked in one place, the same of a record, a query and a path."""

import re

import pytest

from operations import clock
from people.models import Agency, Posting, User, of_current_people
from tests import factories
from tests.test_architecture import ROOT, sources

pytestmark = pytest.mark.django_db


@pytest.fixture
def records(unit, role) -> dict[str, User]:
    """One record of each sort, all posted, by what became of it."""
    made = {name: factories.make_person("Rzayev", name, unit=unit, role=role, service_number=name)
            for name in ("living", "merged", "erased", "closed")}  # fmt: skip
    factories.merged(made["merged"], into=made["living"], is_active=False)
    User.objects.filter(pk=made["erased"].pk).update(erased_at=clock.now(), is_active=False)
    User.objects.filter(pk=made["closed"].pk).update(is_active=False)
    for person in made.values():
        person.refresh_from_db()
    return made


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("current", {"living", "closed"}),
        ("not_merged", {"living", "closed", "erased"}),
        ("not_erased", {"living", "closed", "merged"}),
        ("active", {"living"}),
    ],
)
def test_question_finds_its_records(question, expected, records):
    everybody = User.objects.filter(pk__in=[person.pk for person in records.values()])
    queryset = getattr(everybody, question)()
    assert {name for name, person in records.items() if person in queryset} == expected
    assert set(getattr(User.objects, question)()) >= set(queryset)


def test_record_and_path_are_asked_the_same(records):
    assert {name for name, person in records.items() if person.is_current} == {"living", "closed"}
    postings = Posting.objects.filter(of_current_people("user"), user__in=records.values())
    assert {posting.user for posting in postings} == {records["living"], records["closed"]}


def test_records_of_a_person_are_its_own_and_the_merged(records):
    assert set(User.objects.records_of(records["living"].pk)) == {records["living"], records["merged"]}


def test_nobody_asks_by_the_columns():
    asked = re.compile(r"(?<!\w)(merged_into|erased_at)=None|user__merged_into=None")
    wrong = [
        path.relative_to(ROOT).as_posix()
        for path in sources()
        if asked.search(path.read_text(encoding="utf-8"))
    ]
    assert wrong == ["people/models/person.py"]


def test_kinds_of_agencies_in_files_are_those_of_the_model():
    from curriculum.schema.standards import AgencyEntry

    name = {"az": "Ad", "en": "Name", "ru": "Имя"}
    for kind in Agency.Kind.values:
        assert AgencyEntry.model_validate({"code": "one", "kind": kind, "name": name}).kind == kind
    with pytest.raises(ValueError, match="must be one of police, labour-inspection"):
        AgencyEntry.model_validate({"code": "one", "kind": "circus", "name": name})
