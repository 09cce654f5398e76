"""Who supervises whom."""

from .models import Posting, User


def chain_above(person: User) -> list[int]:
    """Primary keys of the supervisor, the supervisor's supervisor and so on; it ends where it would go round."""
    found: list[int] = []
    above = person.supervisor_id
    while above is not None and above not in found:
        found.append(above)
        above = User.objects.values_list("supervisor_id", flat=True).get(pk=above)
    return found


def number_of(supervisor: User, agency: int) -> str:
    """The supervisor's service number in this agency now, which is how coordinators name them."""
    held = Posting.objects.open_or_coming().filter(user=supervisor, agency=agency)
    return held.exclude(service_number=None).values_list("service_number", flat=True).first() or ""
