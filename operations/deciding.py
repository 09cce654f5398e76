"""Shared by the pages on which a proposal is decided by a second person, or taken back by the first."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from .confirmation import Confirmation
from .history import HistoryError
from .models import Proposal
from .proposals import ProposalError
from .requests import SignedInRequest

type ProposalAnswer = tuple[
    Callable[..., object], StrOrPromise
]  # the action, and what is said when it is done


def proposal_or_404(public_id: str, *, act: str) -> Proposal:
    """Return the proposal with who proposed and who decided it; raise Http404 for one of another act."""
    queryset = Proposal.objects.select_related("proposed_by", "decided_by")
    return get_object_or_404(queryset, public_id=public_id, act=act)


def shown(
    request: SignedInRequest, proposal: Proposal, *, reasons: Iterable[tuple[str, StrOrPromise]] = ()
) -> dict[str, Any]:
    """Return the context of every page of a proposal. `reasons`: the categories in words."""
    return {
        "proposal": proposal,
        "reason": dict(reasons).get(proposal.reason_category, proposal.reason_category),
        "can_withdraw": proposal.open and proposal.is_from(request.user),
    }


def decide_by_two(
    request: SignedInRequest,
    proposal: Proposal,
    decision: str,
    answers: Mapping[str, ProposalAnswer],
    *,
    page: str,
) -> HttpResponse:
    """Do what was decided and lead to the proposal's `page`, by its name; ask first before it is declined.

    Nobody is asked about a proposal of their own, or one that is decided or has lapsed: the refusal says so.
    """
    asks = decision == "decline" and "sure" not in request.POST
    if asks and decision in answers and proposal.open and not proposal.is_from(request.user):
        return Confirmation(
            title=_("Decline this proposal?"),
            text=_(
                "The proposal ends here, but it can still be read. The person who made it may propose it "
                "again."
            ),
            button=_("Decline"),
            cancel_href=reverse(page, args=[proposal.public_id]),
            hidden={"sure": "1"},
            danger=True,
        ).page(request)
    decide_and_say(request, proposal, answers.get(decision))
    return redirect(page, proposal.public_id)


def decide_and_say(
    request: SignedInRequest, proposal: Proposal, decision: ProposalAnswer | None, **more: Any
) -> bool:
    """Do what was decided and say so, or say why it cannot be done; return whether it was done.

    Http404: the page has no such decision.
    """
    if decision is None:
        raise Http404
    perform, done = decision
    try:
        perform(proposal=proposal, by=request.user, **more)
    except (ProposalError, HistoryError) as refusal:
        messages.error(request, str(refusal))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        if done:
            messages.success(request, str(done))
        return True
    return False
