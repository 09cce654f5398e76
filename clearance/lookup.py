"""Lookup of a person: a service number, a family name, or the code of a certificate, among one's own units."""

import re
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from locales.spelling import readings, sound
from locales.text import fold
from operations.codes import read_code
from operations.prepared import PreparedObjects
from people.models import Posting, User
from people.permissions import Scope

from . import permissions
from .evaluation import covers

MOST = 10
SMALL = "abcdefghijklmnopqrstuvwxyzабвгдеёжзийклмнопрстуфхцчшщъыьэюя"
CAPITALS = str.maketrans(SMALL, "ABCDEFGHIJKLMNOPQRSTUVWXYZАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ")


def serving(by: User, instant: datetime) -> QuerySet[Posting]:
    """Return postings at that instant in units for which `by` may ask; main postings first."""
    return _serving(permissions.where_asked(by), instant)


def _serving(where: Scope, instant: datetime) -> QuerySet[Posting]:
    return (
        _open(instant)
        .filter(where.within("agency", "unit"))
        .select_related("user", "agency", "unit", "role")
        .order_by(F("main").desc(nulls_last=True), "user__sort_name", "pk")
    )


def beside(by: User, instant: datetime) -> QuerySet[Posting]:
    """Return postings in the agency's other units: to be shown by number alone."""
    return (
        _open(instant).filter(permissions.serving_beside(by)).select_related("user", "agency", "unit", "role")
    )


def _open(instant: datetime) -> QuerySet[Posting]:
    return Posting.objects.at(instant).filter(user__is_active=True, user__erased_at=None)


def find(text: str, *, where: Scope, instant: datetime) -> list[Posting]:
    """At most MOST + 1 postings, one a person: by number, else by code, else by the number of a merged record,
    else by the name's beginning.

    Nobody outside `where` one asks is ever found, so the answer tells nothing about other agencies.
    """
    text = " ".join(text.split())
    if not text:
        return []
    # Most often exactly one number is entered: then only the person is needed, not where they serve.
    if found := _once_each(_exactly(text, where, instant)):
        return found
    people = _serving(where, instant)
    if found := _once_each(_of_number(people, text)):
        return found
    code = read_code(text)
    if code and (found := _once_each(people.filter(user__in=_holder_of(code)))):
        return found
    if found := _once_each(_of_merged_number(people, text, instant)):
        return found
    if len(fold(text)) < 2:
        return []
    return _once_each(people.filter(_of_name(text))) or _once_each(people.filter(_sounding(text)))


def _exactly(number: str, where: Scope, instant: datetime) -> list[Posting]:
    found = [
        posting
        for posting in _numbered().objects(fold(number))
        if posting.service_number == number
        and posting.user.is_active
        and posting.user.erased_at is None
        and covers(posting.valid_from, posting.valid_to, instant)
        and where.reaches(posting.agency_id, posting.unit_id)
    ]
    return sorted(found, key=_main_first)


@lru_cache(maxsize=1)
def _numbered() -> PreparedObjects[Posting]:
    """Return all postings known with one number, folded: of anybody, whenever and wherever they serve."""
    return PreparedObjects(Posting.objects.known().filter(folded_number=""), "user")


def _main_first(posting: Posting) -> tuple[bool, str, int]:
    """The order of `serving`: for few rows Python is quicker than making the SQL."""
    return not posting.main, posting.user.sort_name, posting.pk


def _of_number(people: QuerySet[Posting], text: str) -> QuerySet[Posting]:
    """Find by number as it sounds: neither case nor ə, ı, ş matter, and nobody has to find them on a keyboard."""
    digits = max(re.findall(r"\d+", text), key=len, default="")
    if not digits:
        return people.filter(service_number__iexact=text)
    near = people.filter(service_number__contains=digits).values_list("pk", "service_number")
    number = fold(text)
    return people.filter(pk__in=[pk for pk, written in near if fold(written or "") == number])


def _holder_of(code: str) -> QuerySet[User, int]:
    """Also of a certificate earned under a record that was merged into theirs."""
    earned = User.objects.filter(awards__certificate__short_code=code)
    return earned.values_list(Coalesce("merged_into", "pk"))


def _of_merged_number(people: QuerySet[Posting], text: str, instant: datetime) -> Iterable[Posting]:
    """Find by a number that an old list still says: a record that was merged into theirs had it in their agency,

    and nobody has it there now.
    """
    number = fold(text)
    if not re.search(r"\d", number):
        return ()
    stood = Posting.objects.filter(folded_number=number, withdrawn_at__gte=F("user__merged_at"))
    given_anew = Posting.objects.at(instant).filter(folded_number=number).values("agency")
    pairs = stood.exclude(agency__in=given_anew).values_list("user__merged_into", "agency").distinct()
    of_one = [Q(user=user, agency=agency) for user, agency in pairs]
    return people.filter(Q(*of_one, _connector=Q.OR)) if of_one else ()


def _of_name(text: str) -> Q:
    """Find by the beginning of the whole name, or of family and given name as a passport or Russian writes them;
    two words also the other way round.
    """
    family, _space, given = text.partition(" ")
    wanted = Q(user__folded_name__startswith=fold(text))
    if given and " " not in given:
        wanted |= Q(user__folded_name__startswith=fold(f"{given} {family}"))
    for script in ("latin", "cyrillic"):
        wanted |= Q(
            **{
                f"user__family_name_{script}__startswith": _with_capital(family),
                f"user__given_name_{script}__startswith": _with_capital(given),
            }
        )
    return wanted


def _sounding(text: str) -> Q:
    """Find by the whole family name as it sounds, and the beginning of a given name: Гусейнов for Hüseynov."""
    first, *others = text.split()
    wanted = _heard(first, others)
    return wanted | _heard(others[0], [first]) if len(others) == 1 else wanted


def _heard(family: str, others: list[str]) -> Q:
    keys = dict.fromkeys(readings(family))
    wanted = Q(*(Q(user__sound_name__startswith=f" {key} ") for key in keys), _connector=Q.OR)
    for word in others:
        wanted &= Q(user__sound_name__contains=f" {sound(word)}")
    return wanted if keys else Q(pk=None)


def _with_capital(name: str) -> str:
    """The databases know no case beyond ASCII: the first letter as names have it."""
    return name[:1].translate(CAPITALS) + name[1:]


def find_one(public_id: str, *, where: Scope, instant: datetime) -> Posting | None:
    """The one that was chosen from several of a name."""
    return _serving(where, instant).filter(user__public_id=public_id).first()


def _once_each(postings: Iterable[Posting]) -> list[Posting]:
    found: dict[int, Posting] = {}
    for posting in postings:
        found.setdefault(posting.user_id, posting)
        if len(found) > MOST:
            break
    return list(found.values())
