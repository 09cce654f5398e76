"""Limits of a file of evidence: what its maker may see of people who serve, or served, elsewhere too."""

from collections.abc import Collection, Iterable

from django.db.models import Q

from certificates.making import names_of_agency
from certificates.models import Certificate
from people.models import Agency, Posting, User
from people.permissions import where_may
from people.visibility import visibility_of

from .evaluation import covers
from .permissions import SEE


def agencies_of(by: User) -> frozenset[int] | None:
    """Return primary keys of the agencies whose decisions `by` reads; None: of all."""
    scope = where_may(by, SEE)
    return None if scope.everywhere else scope.agencies


def certificates_seen(people: Collection[str], by: User) -> Q:
    """Return a condition: of the certificates of these people (public ids of their records) those that `by` sees, each as far
    as that person is seen. An agency that a person has left sees those issued until then.
    """
    found = User.objects.not_merged().filter(public_id__in=people)
    return Q(Q(pk=None), *(_seen_of(person, by) for person in found), _connector=Q.OR)


def _seen_of(person: User, by: User) -> Q:
    seen = visibility_of(by, person)
    if seen is None:
        return Q(pk=None)
    whose = Q(award__person__in=User.objects.records_of(person.pk))
    if seen.periods is None:
        return whose
    during = (
        Q(issued_at__gte=start, **({} if end is None else {"issued_at__lt": end}))
        for start, end in seen.periods
    )
    return whose & Q(*during, _connector=Q.OR)


def printed_elsewhere(certificates: Iterable[Certificate], by: User) -> set[int]:
    """Return primary keys of those that name an agency which is none of the reader's: it tells where else somebody
    served. Two queries, none for who reads all.
    """
    agencies, chosen = agencies_of(by), list(certificates)
    if agencies is None:
        return set()
    holders = {each.award.person.surviving.pk for each in chosen}
    postings = Posting.objects.known().filter(user__in=holders).order_by("pk")
    served = sorted(postings, key=lambda row: not row.main)  # as the bearer was made: the main posting first
    names = [names_of_agency(agency) for agency in Agency.objects.filter(pk__in=agencies)]
    hidden = set()
    for each in chosen:
        if "corrects" in each.award.evidence:  # what was printed before was taken over, or chosen
            if each.bearer.agency not in names:
                hidden.add(each.pk)
            continue
        holder, at = each.award.person.surviving.pk, each.award.awarded_at
        rows = (row for row in served if row.user_id == holder and covers(row.valid_from, row.valid_to, at))
        printed = next(rows, None)
        if printed is not None and printed.agency_id not in agencies:
            hidden.add(each.pk)
    return hidden
