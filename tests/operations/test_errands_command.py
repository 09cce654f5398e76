from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from operations import clock as product_clock
from operations import outbox
from operations.models import Beat, Errand
from operations.scheduled import prune

pytestmark = pytest.mark.django_db


@pytest.fixture
def given_up(kinds: Any) -> Errand:
    outbox.register_errand(
        "test.fails", outbox.ErrandStep("first"), outbox.ErrandStep("x", prepare=lambda e: 1 / 0), tries=1
    )
    outbox.enqueue("test.fails", "a")
    errand = outbox.claim()
    assert errand is not None
    outbox.attend(errand)
    return Errand.objects.get()


def said(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("errands", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_lists_what_was_given_up_and_why(given_up: Errand) -> None:
    assert said() == [
        "given-up  test.fails                                1",
        "",
        f"{given_up.pk} test.fails a: given-up, done: first",
        f"  try 1: ZeroDivisionError: division by zero (reference {given_up.reference})",
    ]


def test_lists_when_the_next_try_is(given_up: Errand) -> None:
    outbox.reopen(given_up)
    Errand.objects.update(due_at=product_clock.real_now() + timedelta(seconds=90.4))
    assert said()[-1] == "  next try in 90 s"


@pytest.mark.parametrize("chosen", ["number", "all"])
def test_tries_again_from_the_step_that_failed(given_up: Errand, chosen: str) -> None:
    assert said("--again", str(given_up.pk) if chosen == "number" else "all") == ["1 will be tried again."]
    errand = outbox.claim()
    assert errand is not None
    assert (errand.done, errand.tries) == (["first"], 1)


def test_done_errand_is_not_tried_again(given_up: Errand) -> None:
    Errand.objects.update(state="done")
    assert said("--again", str(given_up.pk)) == ["0 will be tried again."]


def test_what_is_no_number_is_refused(given_up: Errand) -> None:
    with pytest.raises(CommandError, match="Give the numbers"):
        call_command("errands", "--again", "everything")


def test_errands_done_for_thirty_days_are_forgotten_and_others_kept(given_up: Errand) -> None:
    outbox.register_errand("test.done", outbox.ErrandStep("x"))
    for key, days in (("old", 31), ("young", 29)):
        outbox.enqueue("test.done", key)
        outbox.work_off(["test.done"])
        Errand.objects.filter(key=key).update(closed_at=product_clock.real_now() - timedelta(days=days))
    Errand.objects.filter(kind="test.fails").update(closed_at=product_clock.real_now() - timedelta(days=99))
    Beat.objects.create(name="stopped", at=product_clock.real_now() - timedelta(days=2))
    Beat.objects.create(name="working", at=product_clock.real_now())
    prune(product_clock.now())
    assert sorted(Errand.objects.values_list("key", flat=True)) == ["a", "young"]
    assert list(Beat.objects.values_list("name", flat=True)) == ["working"]
