"""Supervisors of people."""

from locales.text import fold

from .models import Agency, Posting, User, of_current_people


def chain_above(person: User) -> list[int]:
    """Return primary keys of the supervisor, the supervisor's supervisor and so on; it ends where it would
    go round.
    """
    chain: list[int] = []
    above = person.supervisor_id
    while above is not None and above not in chain:
        chain.append(above)
        above = User.objects.values_list("supervisor_id", flat=True).get(pk=above)
    return chain


def below(person: User) -> set[int]:
    """Return primary keys of whom the person supervises, directly and through others; a query a level."""
    found: set[int] = set()
    level = {person.pk}
    while level:
        found |= level
        level = set(User.objects.filter(supervisor__in=level).values_list("pk", flat=True)) - found
    return found - {person.pk}


def number_of(person: User, agency: Agency) -> str:
    """Return the service number in this agency, by which its coordinators name somebody; empty without one."""
    postings = Posting.objects.open_or_coming().filter(user=person, agency=agency)
    return postings.exclude(service_number=None).values_list("service_number", flat=True).first() or ""


def with_number(number: str, agency: Agency) -> User | None:
    """Return the person who serves in the agency under this number, however it is typed."""
    postings = Posting.objects.open_or_coming().filter(agency=agency, folded_number=fold(number))
    posting = postings.select_related("user").filter(of_current_people("user")).first()
    return posting.user if posting else None
