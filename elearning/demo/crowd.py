"""Forty colleagues who do not sign in, so that lists, filters and histories have something to show.

Every name is invented. One was transferred late and corrected twice, one is on leave, one has left, one came
from another agency, one was entered twice: the coordinator proposes to merge the two, the administrator confirms.
"""

from datetime import datetime, timedelta

from courses.actions import enrol
from courses.models import CoursePage
from operations import clock
from people.actions.agencies import add_unit
from people.actions.leaves import add_leave
from people.actions.persons import add_person
from people.actions.postings import PostingValues, correct_posting, end_posting, post, transfer
from people.models import Posting, Role, Unit, User

from .people import LABOUR, MIGRATION, POLICE

MEN = ("Anar", "Elnur", "Rüfət", "Samir", "Zaur", "Vüqar", "Nicat", "Emin", "Ramil", "Toğrul")
WOMEN = ("Lalə", "Sevil", "Aysel", "Nigar", "Fidan", "Gülnar", "Zümrüd", "Şəbnəm", "Ülviyyə", "Xatirə")
FATHERS = ("Əli", "Həsən", "Mahir", "İsa", "Yusif", "Bəhram", "Çingiz", "Ömər", "Ağasəf", "Qədir")
FAMILIES = ("Abdullayev", "Bağırov", "Cabbarov", "Dadaşov", "Eyvazov", "Fərzəliyev", "Göyüşov", "Hacıyev",
            "Xəlilov", "İbrahimov")  # fmt: skip
OFFICES = {
    LABOUR: [
        ("ganja", "Gəncə şöbəsi", "Ganja office", "Гянджинское отделение", "Gəncə", "022 000 04 12"),
        ("shirvan", "Şirvan şöbəsi", "Shirvan office", "Ширванское отделение", "Şirvan", "021 000 04 12"),
        ("lankaran", "Lənkəran şöbəsi", "Lankaran office", "Ленкоранское отделение", "Lənkəran", ""),
    ],
    MIGRATION: [("sheki", "Şəki bölməsi", "Sheki unit", "Шекинское подразделение", "Şəki", "024 000 07 00")],
    POLICE: [("quba", "Quba şöbəsi", "Quba division", "Губинский отдел", "Quba", "023 000 09 30")],
}  # fmt: skip
ROLES = {LABOUR: "LAB", MIGRATION: "MIG", POLICE: "POL"}
LETTERS = {LABOUR: "DƏMX", MIGRATION: "DMX", POLICE: "ƏPO"}
OF_EACH = {LABOUR: 26, MIGRATION: 8, POLICE: 6}
FIRST_FAMILY = {LABOUR: 7, MIGRATION: 2, POLICE: 8}  # so that nobody seems to be entered twice but who is


def seed(since: datetime, units: dict[str, Unit]) -> None:
    """`units`: the regional unit of each agency; the offices stand below it. Everybody serves since then."""
    now = clock.now()
    people: dict[str, list[User]] = {}
    with clock.at(since):
        offices = {agency: [units[agency], *_offices(agency, units[agency])] for agency in OFFICES}
        for agency, number in OF_EACH.items():
            role = Role.objects.get(code=ROLES[agency])
            people[agency] = [_add(agency, index, offices[agency], role) for index in range(number)]
    _transferred_late(people[LABOUR][5], offices[LABOUR], now)
    _away(people[LABOUR][6], now)
    _left(people[LABOUR][7], now)
    _changed_agency(people[MIGRATION][0], units[LABOUR], now)
    _entered_twice(people[LABOUR][0], offices[LABOUR][1], now)


def _offices(agency: str, parent: Unit) -> list[Unit]:
    return [
        add_unit(
            agency=parent.agency, code=code, names={"az": az, "en": en, "ru": ru}, parent=parent,
            district=district, duty_telephone=telephone, by=None,
        )
        for code, az, en, ru, district, telephone in OFFICES[agency]
    ]  # fmt: skip


def _add(agency: str, index: int, offices: list[Unit], role: Role) -> User:
    woman = index % 2 == 1
    given = (WOMEN if woman else MEN)[(index * 3 + index // 10 * 4 + len(agency)) % 10]
    father = FATHERS[(index * 7 + index // 10 * 3 + 3) % 10] + (" qızı" if woman else " oğlu")
    person = add_person(
        family_name=FAMILIES[(index + FIRST_FAMILY[agency]) % 10] + ("a" if woman else ""), given_name=given,
        father_name=father, sex="f" if woman else "m", spoken_languages=("az", "ru") if index % 3 else ("az",),
        by=None,
    )  # fmt: skip
    post(
        person=person, unit=offices[index % len(offices)], role=role, valid_from=clock.now(), by=None,
        service_number=f"{LETTERS[agency]}-{3000 + index * 7}",
    )  # fmt: skip
    return person


def _transferred_late(person: User, offices: list[Unit], now: datetime) -> None:
    """Moved 60 days ago, entered 41 days ago, corrected twice since."""
    held = Posting.objects.known().get(user=person)
    target = offices[2] if held.unit != offices[2] else offices[1]
    days = [clock.start_of((now - timedelta(days=back)).date()) for back in (60, 56, 58)]
    with clock.at(now - timedelta(days=41)):
        row = transfer(
            person=person, agency=held.agency, unit=target, role=held.role, valid_from=days[0], by=None,
            service_number=held.service_number, reason="41-K",
        )  # fmt: skip
    for back, day in zip((30, 12), days[1:], strict=True):
        with clock.at(now - timedelta(days=back)):
            said = PostingValues(
                unit=row.unit, role=row.role, service_number=row.service_number, valid_from=day, valid_to=None
            )
            row = correct_posting(posting=row, values=said, by=None)


def _away(person: User, now: datetime) -> None:
    agency = Posting.objects.known().get(user=person).agency
    start, end = (clock.start_of((now + timedelta(days=days)).date()) for days in (-5, 16))
    with clock.at(now - timedelta(days=20)):
        add_leave(person=person, agency=agency, valid_from=start, valid_to=end, by=None)


def _left(person: User, now: datetime) -> None:
    with clock.at(now - timedelta(days=15)):
        end_posting(
            posting=Posting.objects.known().get(user=person), valid_to=clock.start_of(clock.today()), by=None
        )


def _changed_agency(person: User, unit: Unit, now: datetime) -> None:
    """From the migration service to the labour inspection ninety days ago."""
    with clock.at(now - timedelta(days=90)):
        since = clock.start_of(clock.today())
        end_posting(posting=Posting.objects.known().get(user=person), valid_to=since, by=None)
        post(
            person=person, unit=unit, role=Role.objects.get(code="LAB"), service_number="DƏMX-3990",
            valid_from=since, by=None,
        )  # fmt: skip


def _entered_twice(person: User, unit: Unit, now: datetime) -> None:
    """Once more thirty days ago, by another spelling, and already sent to a course."""
    course = CoursePage.objects.get(code="C1-LAB")
    with clock.at(now - timedelta(days=30)):
        again = add_person(
            family_name="Haciyev",
            given_name=person.given_name,
            father_name=person.father_name,
            sex="m",
            by=None,
        )
        post(
            person=again, unit=unit, role=Role.objects.get(code="LAB"), service_number="DƏMX-3991",
            valid_from=clock.start_of(clock.today()), by=None,
        )  # fmt: skip
        enrol(person=again, course=course, due_on=clock.today() + timedelta(days=90), by=None)
