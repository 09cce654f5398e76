"""Shared by the pages on which a proposal is decided by a second person, or taken back by the first."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from django_stubs_ext import StrOrPromise

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


def decide_and_say(
    request: SignedInRequest, proposal: Proposal, decision: ProposalAnswer | None, **more: Any
) -> None:
    """Do what was decided and say so, or say why it cannot be done. Http404: the page has no such decision."""
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
        messages.success(request, str(done))
