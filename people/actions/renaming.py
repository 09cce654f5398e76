"""Another name for somebody whose name others rely on: after two have decided."""

from collections.abc import Mapping

from django.db import transaction

from operations import audit
from operations.models import Proposal
from people.models import User
from people.models.person import NAME_KEYS, NAME_PARTS

from .guards import refuse_unless


@transaction.atomic
def rename_person(*, person: User, names: Mapping[str, str], proposal: Proposal, by: User) -> None:
    """Set parts of the name, as `proposal`, which is about this person and which `by` has confirmed, says."""
    about = proposal.subject_id == person.public_id and proposal.decided_by_id == by.pk
    refuse_unless(about and proposal.outcome == Proposal.Outcome.CONFIRMED and names.keys() <= {*NAME_PARTS})
    locked = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    before = {part: getattr(locked, part) for part, text in names.items() if getattr(locked, part) != text}
    for part in before:
        setattr(locked, part, names[part])
    locked.full_clean(exclude=["password", "email"])
    locked.save(update_fields=[*before, *NAME_KEYS])
    audit.record(
        by=by, act="people.rename_person", subject_kind="user", subject_id=locked.public_id,
        reason=proposal.reason_category, after={"fields": sorted(before), "proposal": proposal.public_id},
        personal={locked.public_id: {part: (text, names[part]) for part, text in before.items()}},
    )  # fmt: skip
