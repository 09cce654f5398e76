"""The list of people with 100,000 of them: how long its pages take and how many questions each asks.

    python -m bench.people_list --people 100000

On SQLite, or on PostgreSQL where DATABASE_URL names one. Twelve agencies, from half of all people down to a
thousandth; the whole page over HTTP, with where each serves and what other apps tell of them; the best of four.
"""

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import batched
from pathlib import Path
from typing import Any

from .scratch import scratch

SHARES = (50_000, 20_000, 10_000, 6_000, 4_000, 3_000, 2_500, 2_000, 1_300, 700, 400, 100)  # of 100,000
UNITS, TIMES, MOST_QUERIES = 20, 4, 30
FAMILY = [
    "Əliyev",
    "Məmmədov",
    "Həsənov",
    "Hüseynov",
    "Quliyev",
    "Əhmədov",
    "İbrahimov",
    "İsmayılov",
    "Rzayev",
    "Cəfərov",
    "Abbasov",
    "Orucov",
    "Qasımov",
    "Vəliyev",
    "Xəlilov",
    "Əsgərov",
    "Kərimov",
    "Mustafayev",
    "Süleymanov",
    "Babayev",
    "Bağırov",
    "Hacıyev",
    "Nəcəfov",
    "Rəhimov",
    "Rüstəmov",
    "Şükürov",
    "Zeynalov",
    "Novruzov",
    "Məlikov",
    "Qurbanov",
    "Qədirov",
    "Səfərov",
    "Tağıyev",
    "Əzizov",
    "Eyvazov",
    "Ələkbərov",
    "Mehdiyev",
    "Mirzəyev",
    "Yusifov",
    "Nəbiyev",
]
GIVEN = [
    "Aytən",
    "Aysel",
    "Günay",
    "Gülnarə",
    "Leyla",
    "Nigar",
    "Sevinc",
    "Elçin",
    "Rəşad",
    "Orxan",
    "Vüqar",
    "Ülviyyə",
    "Çingiz",
    "Cavid",
    "Xəyal",
    "Tural",
    "Elnur",
    "Kamran",
    "Ceyhun",
    "Ədalət",
    "Zöhrə",
    "Şəhla",
    "Tofiq",
    "Rafiq",
    "Əli",
    "Hikmət",
    "Həmid",
    "Fəxri",
    "İlqar",
    "Vaqif",
    "Nərmin",
    "Zaur",
    "Könül",
    "Lalə",
    "Samir",
    "Ramin",
]
COLUMNS = (
    "first page",
    "one unit",
    "by name",
    "as Russian writes it",
    "a common stem",
    "nobody fits",
    "by number",
    "in the middle",
)


# --- the register -------------------------------------------------------------------------------
def make(number: int) -> dict[str, Any]:
    """{who looks: person}; people and postings are inserted in bulk."""
    from operations import clock
    from people.actions.agencies import add_agency, add_unit, save_role
    from people.models import Role

    chance = random.Random(1)
    names = {language: language for language in ("az", "en", "ru")}
    since = clock.start_of(clock.add_months(clock.today(), -12))
    for code in ("LAB", "POL"):
        save_role(code=code, names=names, by=None)
    roles = list(Role.objects.all())
    agencies, written = [], 0
    for place, share in enumerate(SHARES):
        agency = add_agency(
            code=f"agency-{place}", kind="other", names=names | {"az": f"Qurum {place}"}, by=None
        )
        units = [
            add_unit(agency=agency, code=f"unit-{unit}", names=names | {"az": f"Şöbə {unit}"}, by=None)
            for unit in range(UNITS)
        ]
        count = max(share * number // 100_000, 1)
        for numbers in batched(range(written, written + count), 5000):
            _insert(numbers, units, roles, since, chance)
        written += count
        agencies.append(agency)
    return _who_look(number, written, agencies, since)


def _who_look(number: int, written: int, agencies: list[Any], since: datetime) -> dict[str, Any]:
    from people.actions.grants import grant
    from people.actions.persons import add_person
    from people.models import Grant

    looking = {}
    for who, position, agency in (
        (f"auditor: all {written:,}", Grant.Position.AUDITOR, None),
        (f"coordinator of {SHARES[0] * number // 100_000:,}", Grant.Position.COORDINATOR, agencies[0]),
        (
            f"coordinator of {max(SHARES[-1] * number // 100_000, 1):,}",
            Grant.Position.COORDINATOR,
            agencies[-1],
        ),
    ):
        person = add_person(
            family_name="Baxan", given_name="Kim", email=f"looks{len(looking)}@agency.example", by=None
        )
        grant(person=person, position=position, agency=agency, by=None, starts_at=since)
        looking[who] = person
    return looking


def _insert(
    numbers: tuple[int, ...], units: list[Any], roles: list[Any], since: Any, chance: random.Random
) -> None:
    from django.db import transaction

    from operations import clock
    from people.models import Posting, User

    people = [
        User(
            family_name=chance.choice(FAMILY), given_name=chance.choice(GIVEN),
            father_name=f"{chance.choice(GIVEN)} oğlu", password="!x",
        )
        for _number in numbers
    ]  # fmt: skip
    with transaction.atomic():
        User.objects.bulk_create(people, batch_size=1000)
        Posting.objects.bulk_create(
            [
                Posting(
                    user=person, agency=unit.agency, unit=unit, role=chance.choice(roles), valid_from=since,
                    service_number=f"DƏMX-{number:06}", recorded_at=clock.now(),
                )
                for number, person in zip(numbers, people, strict=True)
                for unit in [chance.choice(units)]
            ],
            batch_size=1000,
        )  # fmt: skip


# --- its pages ----------------------------------------------------------------------------------
def pages(person: Any) -> dict[str, tuple[float, int]]:
    """{column: (milliseconds, queries)}"""
    from people.models import Posting
    from people.permissions import reach_of
    from people.permissions.records import SEE

    reach = reach_of(person, SEE)
    seen = Posting.objects.all() if reach is None else Posting.objects.filter(agency__in=reach)
    posting = seen.select_related("unit", "agency").order_by("pk").first()
    assert posting is not None
    unit = f"?agency={posting.agency.public_id}&unit={posting.unit.public_id}"
    asked = (
        ("", ""), (unit, ""), ("", "Məmmədov Aytən"), ("", "Мамедов Айтен"), ("", "ov"), ("", "Zzz"),
        ("", str(posting.service_number)), (f"?page={_middle(person)}", ""),
    )  # fmt: skip
    return {
        column: best(_page(person, query, text)) for column, (query, text) in zip(COLUMNS, asked, strict=True)
    }


def _middle(person: Any) -> str:
    from operations.pagination import keyset
    from people.people_list import PeopleQuery, order_of, people_of

    found, wanted = people_of(person, PeopleQuery()), PeopleQuery()
    row = found[found.count() // 2]
    return keyset(found.filter(sort_name__gte=row.sort_name), order=order_of(wanted), token="").next


def _page(person: Any, query: str, text: str) -> Callable[[], None]:
    from people.views.people import SEARCHED

    return page_of(person, f"/az/people/{query}", **{SEARCHED: text})


def page_of(person: Any, address: str, **kept: str) -> Callable[[], None]:
    """The page as this person gets it, signed in with a second factor. `kept`: in the session."""
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.force_login(person)
    session, at = client.session, time.time()
    session["account_authentication_methods"] = [
        {"method": "password", "at": at}, {"method": "mfa", "type": "totp", "at": at},
    ]  # fmt: skip
    session["account_authentication_methods_user"] = str(person.pk)
    session.update(kept)
    session.save()

    def page() -> None:
        answer = client.get(address)
        assert answer.status_code == 200, answer.status_code

    return page


def best(page: Callable[[], None]) -> tuple[float, int]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    page()  # what a process does once
    with CaptureQueriesContext(connection) as captured:
        page()
    queries, times = len(captured), []
    for _time in range(TIMES):
        began = time.perf_counter()
        page()
        times.append(time.perf_counter() - began)
    return round(min(times) * 1000, 1), queries


type Told = Mapping[str, tuple[Any, ...]]  # by page: its time first, then its queries


def measure(
    number: int, *, make: Callable[[int], Mapping[str, Any]], told_of: Callable[[Any], Told], most: int
) -> dict[str, Any]:
    """Make so many people and return what is told of the pages of each of those who look."""
    import django

    django.setup()
    from django.db import connection

    began = time.monotonic()
    looking = make(number)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    made = round(time.monotonic() - began)
    rows = {who: told_of(person) for who, person in looking.items()}
    asked = max(told[1] for row in rows.values() for told in row.values())
    return {
        "date": time.strftime("%Y-%m-%d"),
        "database": {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor],
        "made": made,
        "load": round(os.getloadavg()[0], 1),
        "rows": rows,
        "holds": asked <= most,
    }


def run(
    prog: str,
    about: str | None,
    *,
    make: Callable[[int], Mapping[str, Any]],
    told_of: Callable[[Any], Told],
    most: int,
    course: bool = False,
) -> None:
    """Measure beside a scratch database, print what was found, and end with 1 where a page asks more than `most` questions."""
    parser = argparse.ArgumentParser(prog=prog, description=about)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    with scratch("bench.measured", course=course, NISANE_BASE_URL="http://localhost:8000") as place:
        os.environ.update(place.environ)
        place.run("migrate", "--run-syncdb", "--verbosity", "0")
        told = measure(chosen.people, make=make, told_of=told_of, most=most)
    print(json.dumps(told, indent=2, ensure_ascii=False))
    if chosen.json:
        chosen.json.write_text(json.dumps(told))
    sys.exit(not told["holds"])


if __name__ == "__main__":
    run("python -m bench.people_list", __doc__, make=make, told_of=pages, most=MOST_QUERIES)
