"""The certificate and the person that the tests of proofs are about. Both are invented."""

import copy
import dataclasses
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from certificates.credentials.errors import ProofError, Reason
from certificates.credentials.event import EventFacts
from certificates.credentials.facts import Bearer, CertificateFacts, StatusEntry
from certificates.credentials.statement import Commitments

BASE_URL = "http://localhost:8000"
PUBLIC_ID = "kQ3vR8sT1uW5xY7zA2bC4d"
CREATED = datetime(2026, 11, 24, 8, 30, 15, tzinfo=UTC)

FACTS = CertificateFacts(
    base_url=BASE_URL,
    public_id=PUBLIC_ID,
    code="7Q4K28FDM3XR",
    qualification_code="C1-LAB",
    qualification_version=2,
    qualification_names={
        "az": "Əmək istismarı məqsədilə insan alverinin əlamətlərinin ilkin müəyyən edilməsi",
        "en": "First-level identification of trafficking for labour exploitation",
        "ru": "Первичное выявление признаков торговли людьми в целях трудовой эксплуатации",
    },
    criteria={
        "az": "Kursun bütün dərslərini oxumuş və yekun imtahandan keçmişdir.",
        "en": "Has read every lesson of the course and passed the final exam.",
        "ru": "Прошёл все уроки курса и сдал итоговый экзамен.",
    },
    issuer_names={
        "az": "Milli Təlim və Sertifikatlaşdırma Mərkəzi",
        "en": "National Training and Certification Centre",
        "ru": "Национальный центр обучения и сертификации",
    },
    first_day=date(2026, 11, 24),
    last_day=date(2028, 11, 23),
    awarded_at=CREATED,
    edition="1",
    legal_baseline=date(2026, 6, 30),
    law_confirmed_on=date(2026, 9, 1),
    revocation=StatusEntry(list_number=1, index=94_567),
    suspension=StatusEntry(list_number=2, index=1_234),
)
BEARER = Bearer(
    names={"Latn": "Rəşad Elçin oğlu Əliyev", "Cyrl": "Рашад Эльчин оглы Алиев"},
    agency={
        "az": "Dövlət Əmək Müfəttişliyi Xidməti",
        "en": "State Labour Inspection Service",
        "ru": "Государственная служба инспекции труда",
    },
    salt=bytes(range(16)),
)
COMMITMENTS = Commitments(
    bearer_hash=BEARER.hash(),
    bearer_key="b" * 64,
    credential="c" * 64,
    qr="d" * 64,
    award="a" * 64,
    renews="",
)
EVENT = EventFacts(
    base_url=BASE_URL,
    certificate=PUBLIC_ID,
    public_id="eV3nT8sT1uW5xY7zA2bC4d",
    number=2,
    kind="suspended",
    reason="complaint",
    effective_at=CREATED + timedelta(days=30, microseconds=7),
    recorded_at=CREATED + timedelta(days=30, microseconds=5),
    until=CREATED + timedelta(days=60),
    reach="",
    undoes="",
    successor="",
    by="pseudonym-of-registrar",
    proposal="pR0p0saL8sT1uW5xY7zA2b",
    previous="e" * 64,
)

SHOWN = {
    "az": "aşağıdakı ixtisaslaşma üzrə təlimi başa vurmuş və imtahandan keçmişdir:",
    "en": "has completed the training and passed the examination for the qualification",
    "ru": "и подтверждает прохождение обучения и сдачу экзамена по квалификации:",
}


def changed(**fields: Any) -> CertificateFacts:
    return dataclasses.replace(FACTS, **fields)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value in a document that is not an object or array."""
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(item, (*path, key))
    else:
        yield path


def mutated(document: Any, path: tuple[Any, ...]) -> Any:
    """The document with the value at `path` slightly changed."""
    copied = copy.deepcopy(document)
    place = copied
    for key in path[:-1]:
        place = place[key]
    old = place[path[-1]]
    if isinstance(old, bool):
        new: object = not old
    elif not old:
        new = "A"
    elif isinstance(old, int):
        new = old + 1
    else:
        new = ("A" if old[-1] != "A" else "B").join((old[:-1], ""))
    place[path[-1]] = new
    return copied


def refusal(call: Callable[[], object]) -> Reason:
    """The reason for which `call` is refused; fails when it is not."""
    with pytest.raises(ProofError) as caught:
        call()
    return caught.value.reason
