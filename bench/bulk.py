"""Certificates in bulk: as many rows as thousands of people have, each like one that was really made.

What is signed in them is the pattern's: lists, figures and tables read rows and the last proof, as for any other.
"""

from collections.abc import Iterable, Sequence
from itertools import batched
from typing import Any

from django.db import models, transaction

from certificates.making import names_of
from certificates.models import Award, Certificate, CertificateBearer, CertificateCheck, Reservation
from operations.codes import new_code
from operations.identity import pseudonym
from operations.ids import public_id
from people.models import User

AT_ONCE = 2000
START = 1000  # places in the lists from here on: the pattern's is drawn among all, and left out


def certify(people: Iterable[User], pattern: Certificate) -> None:
    """Give each of the people a certificate like the pattern, with their own name."""
    kept = pattern.reservation
    taken = {kept.revocation_index, kept.suspension_index}
    places = (place for place in range(START, START + 130_000) if place not in taken)
    for some in batched(people, AT_ONCE):
        with transaction.atomic():
            _insert(some, pattern, [next(places) for _person in some])


def _insert(people: Sequence[User], pattern: Certificate, places: Sequence[int]) -> None:
    awards = Award.objects.bulk_create(
        like(pattern.award, public_id=public_id(), person_id=person.pk, cause=f"attempt:{public_id()}")
        for person in people
    )
    reservations = Reservation.objects.bulk_create(
        like(
            pattern.reservation, public_id=public_id(), short_code=new_code(), award_id=award.pk,
            revocation_index=place, suspension_index=place,
        )
        for award, place in zip(awards, places, strict=True)
    )  # fmt: skip
    certificates = Certificate.objects.bulk_create(
        like(
            pattern, public_id=kept.public_id, short_code=kept.short_code, award_id=kept.award_id,
            reservation_id=kept.pk, bearer_key=pseudonym(person.public_id),
        )
        for kept, person in zip(reservations, people, strict=True)
    )  # fmt: skip
    CertificateBearer.objects.bulk_create(
        like(pattern.bearer, certificate_id=certificate.pk, names=names_of(person))
        for certificate, person in zip(certificates, people, strict=True)
    )
    CertificateCheck.objects.bulk_create(
        like(pattern.check_record, certificate_id=certificate.pk) for certificate in certificates
    )


def like[M: models.Model](row: M, **changes: Any) -> M:
    """Return another row, unsaved, that says the same but for the changes."""
    fields = [field.attname for field in row._meta.concrete_fields if not field.primary_key]
    return type(row)(**{name: getattr(row, name) for name in fields} | changes)
