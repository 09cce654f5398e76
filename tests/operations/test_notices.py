from collections.abc import Iterator
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.template.loader import get_template
from django.utils import translation

from operations import clock as product_clock
from operations import notices, outbox
from operations.models import Errand, Notice
from operations.notices import notify
from people.models import User
from tests.databases import really_committed
from tests.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kind() -> Iterator[None]:
    notices.register_notice("test.ready", subject="Ready", template="mail/x")
    yield
    del notices.notice_kinds["test.ready"]


def tell(person: User, **more: Any) -> Notice:
    return notify(person=person, kind="test.ready", subject_id="certificate", **more)


def waiting_errands() -> list[tuple[str, str]]:
    errands = Errand.objects.filter(kind__startswith="operations.").order_by("pk")
    return list(errands.values_list("kind", "key"))


def test_notice_at_once_is_a_row_and_a_mail_errand(inspector: User) -> None:
    notice = tell(inspector)
    assert waiting_errands() == [("operations.mail", notice.public_id)]


def test_the_same_notice_again_changes_nothing(inspector: User) -> None:
    assert tell(inspector).pk == tell(inspector).pk
    assert len(waiting_errands()) == Notice.objects.count() == 1


def test_another_threshold_subject_or_person_is_another_notice(inspector: User, clerk: User) -> None:
    for more in ({}, {"threshold": "30"}, {"person": clerk}, {"subject_id": "other"}):
        notify(**{"person": inspector, "kind": "test.ready", "subject_id": "certificate", **more})
    assert Notice.objects.count() == 4


def test_database_refuses_the_same_notice_again(inspector: User) -> None:
    tell(inspector)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(person=inspector, kind="test.ready", subject_id="certificate")


def test_notice_is_rolled_back_with_what_it_tells(inspector: User) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell(inspector)
        raise ZeroDivisionError
    assert (Notice.objects.count(), waiting_errands()) == (0, [])


def test_kind_that_nobody_registered_is_refused(inspector: User) -> None:
    with pytest.raises(LookupError):
        notify(person=inspector, kind="test.unknown", subject_id="x")


def test_kind_is_registered_once() -> None:
    with pytest.raises(ValueError):
        notices.register_notice("test.ready", subject="Again", template="mail/y")


def test_bundle_is_one_mail_a_person(inspector: User, clerk: User) -> None:
    first = tell(inspector, threshold="90", urgency="bundle")
    tell(inspector, threshold="30", urgency="bundle")
    other = tell(clerk, urgency="bundle")
    assert waiting_errands() == []
    assert notices.bundle(product_clock.now()) == 2
    assert waiting_errands() == [
        ("operations.bundle", first.public_id),
        ("operations.bundle", other.public_id),
    ]


def test_notice_under_way_or_sent_or_refused_is_not_bundled_again(inspector: User, clerk: User) -> None:
    tell(inspector, urgency="bundle")
    refused = tell(clerk, urgency="bundle")
    Notice.objects.filter(pk=refused.pk).update(refused="no address")
    assert [notices.bundle(product_clock.now()), notices.bundle(product_clock.now())] == [1, 0]
    tell(inspector, threshold="30", urgency="bundle")
    assert notices.bundle(product_clock.now()) == 0  # tomorrow, with what is then waiting
    Notice.objects.filter(threshold="").update(sent_at=product_clock.now())
    Errand.objects.filter(kind="operations.bundle").update(state="done", closed_at=product_clock.now())
    assert notices.bundle(product_clock.now()) == 1


def test_bundle_goes_by_the_timetable(inspector: User, real_clock: Any) -> None:
    from operations.schedule import timetable

    assert timetable["operations.bundle_notices"].every == timedelta(days=1)
    assert "operations.bundle_notices" in outbox.kinds


@pytest.mark.parametrize("people", [1, 3])
def test_bundling_takes_constant_queries_but_for_the_errands(
    people: int, django_assert_num_queries: Any
) -> None:
    for _ in range(people):
        tell(make_person(), urgency="bundle")
    with django_assert_num_queries(4 + people):  # waiting, under way, savepoint, release
        notices.bundle(product_clock.now())


@really_committed
def test_four_at_once_are_one_notice(inspector: User) -> None:
    def tell_and_close() -> None:
        tell(inspector)
        connection.close()

    threads = [Thread(target=tell_and_close) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(waiting_errands()) == Notice.objects.count() == 1


@pytest.mark.parametrize("kind", [kind for kind in notices.notice_kinds if not kind.startswith("test.")])
@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_subject_of_each_kind_is_fixed_text_without_anything_about_the_person(
    kind: str, language: str
) -> None:
    with translation.override(language):
        subject = str(notices.notice_kinds[kind].subject)
    assert 0 < len(subject) < 60
    assert [sign for sign in "%{}\n" if sign in subject] == []


@pytest.mark.parametrize("kind", [kind for kind in notices.notice_kinds if not kind.startswith("test.")])
def test_each_kind_has_its_letter(kind: str) -> None:
    get_template(notices.notice_kinds[kind].template)
