"""Two people change the same history at the same instant."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from django.db import connection, connections, transaction

from operations.history import HistoryError, Stale, queue_up, revise
from people.models import Posting, User
from tests.databases import on_postgresql, really_committed

pytestmark = really_committed
ROUNDS = 10
SINCE = datetime(2026, 3, 1, tzinfo=UTC)


def together(*acts: Callable[[], Any]) -> list[str]:
    """Do the acts in as many threads at once; "won", or the refusal."""
    barrier = threading.Barrier(len(acts))

    def attempt(act: Callable[[], Any]) -> str:
        try:
            connection.ensure_connection()
            barrier.wait()
            act()
            return "won"
        except HistoryError as error:
            cause = type(error.__cause__).__name__
            return "deadlock" if cause == "OperationalError" else "refused"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(attempt, acts))


def test_one_of_eight_transfers_wins(new_posting: Any, units: Any) -> None:
    for _ in range(ROUNDS if connection.vendor == "postgresql" else 2):
        posting = revise(insert=[new_posting()], by=None)[0]

        def transfer(unit: Any, posting: Posting = posting) -> None:
            rows = [posting.revised(valid_to=SINCE), posting.revised(valid_from=SINCE, unit=unit)]
            revise(withdraw=[posting], insert=rows, by=None)

        said = together(*(lambda unit=unit: transfer(unit) for unit in [*units, *units, *units[:2]]))
        assert sorted(said) == ["refused"] * 7 + ["won"]
        live = Posting.objects.filter(user=posting.user).timeline()
        assert live.count() == 2
        revise(withdraw=live, by=None)


def test_one_of_eight_first_postings_wins_without_deadlock(new_posting: Any) -> None:
    for _ in range(ROUNDS if connection.vendor == "postgresql" else 2):
        said = together(*(lambda row=new_posting(): revise(insert=[row], by=None) for _ in range(8)))
        assert sorted(said) == ["refused"] * 7 + ["won"]
        revise(withdraw=Posting.objects.timeline(), by=None)


@on_postgresql
def test_changes_to_one_person_queue_up_and_to_another_do_not(new_posting: Any, clerk: User) -> None:
    def impatient(row: Posting) -> Any:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '200ms'")
                return revise(insert=[row], by=None)
        except Stale:
            return "waited"
        finally:
            connections.close_all()

    same, other = new_posting(), new_posting(user=clerk, service_number=None)
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        queue_up([new_posting()])
        assert len(pool.submit(impatient, other).result()) == 1
        assert pool.submit(impatient, same).result() == "waited"
