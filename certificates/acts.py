"""Acts of two registrars on a certificate. Each is registered once; pages, permissions and the trail follow from that.

An act is proposed by one, and done when another confirms: proposer, confirmer and holder are three persons.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from operations import proposals
from operations.models import Proposal
from operations.proposals import ProposalError
from people.models import User

from .models import Certificate
from .reasons import Choices


class ActRefused(ProposalError):
    """Raised where an act is not possible; the text is for the registrar."""


@dataclass(frozen=True, kw_only=True)
class Act:
    """`code`: of the proposal, and of what is done in the trail; `noun`: of its permissions and of the other acts in the
    trail ("propose_revocation"); `slug`: in addresses.

    `shut` says why it is not possible now, or nothing. `payload` makes of what was asked what the proposal keeps, or
    raises ActRefused. `perform` does it, in the transaction of the confirmation, the certificates locked. `effects`:
    what a confirmation changes, in words.
    """

    code: str
    noun: str
    slug: str
    title: StrOrPromise
    hint: StrOrPromise
    question: StrOrPromise  # with %(code)s
    button: StrOrPromise
    done: StrOrPromise
    reasons: Choices
    shut: Callable[[Certificate], StrOrPromise]
    payload: Callable[[Certificate, str, Mapping[str, Any]], dict[str, Any]]
    perform: Callable[[Certificate, Proposal, User], object]
    effects: Callable[[Certificate, Mapping[str, Any]], Sequence[StrOrPromise]]
    danger: bool = False

    @property
    def propose_permission(self) -> str:
        return f"certificates.propose_{self.noun}"

    @property
    def decide_permission(self) -> str:
        return f"certificates.decide_{self.noun}"

    def reason(self, value: str) -> StrOrPromise:
        return dict(self.reasons).get(value, value)


acts: dict[str, Act] = {}
TWO = _("two registrars")


@contextmanager
def refusals_in_words() -> Iterator[None]:
    """Turn ActRefused into the ValidationError that a form shows."""
    try:
        yield
    except ActRefused as refusal:
        raise ValidationError(str(refusal)) from refusal


def register_act(act: Act) -> Act:
    if act.code in acts:
        raise ValueError(f"{act.code} is registered twice.")
    acts[act.code] = act
    proposals.register_act(act.code)
    return act


def by_slug(slug: str) -> Act | None:
    return next((act for act in acts.values() if act.slug == slug), None)
