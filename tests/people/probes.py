"""One request for each act of the table of permissions, that succeeds just when the act is allowed.

`PROBES[code](world)` is a Probe on something that stands in the unit `world.unit` of `world.agency`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse

from certificates.models import Certificate
from clearance.models import Decision
from operations.models import Proposal
from people.actions.agencies import save_role
from people.models import Agency, Grant, Unit, User
from tests import tiny


@dataclass
class World:
    """`officer` serves in the unit; the rest is about them, or stands beside them."""

    agency: Agency
    unit: Unit
    officer: User
    colleague: User  # in the same unit
    newcomer: User  # without a posting
    registrar_grant: Grant
    duty_grant: Grant  # of the colleague, in the unit
    registrar_proposal: Proposal  # for the newcomer, by a registrar
    curriculum: tiny.Curriculum
    certificate: Certificate
    revocation: Proposal  # of the officer's certificate, by a registrar
    colleagues_certificate: Certificate
    decision: Decision  # about the officer, asked by somebody else
    more: dict[str, Any] = field(default_factory=dict)


def succeeded(answer: HttpResponse) -> bool:
    """A page or a file; or on to a page that is neither signing in nor that of /cms/."""
    if answer.status_code != 302:
        return answer.status_code == 200
    target = resolve(answer.headers["Location"].partition("?")[0].partition("#")[0])
    return target.view_name not in {"account_login", "cms_sign_in", "account_reauthenticate"}


def went_on(answer: HttpResponse) -> bool:
    """A form that was taken: one that comes back with an error is status 200."""
    return answer.status_code == 302 and succeeded(answer)


def opened(answer: HttpResponse) -> bool:
    return answer.status_code == 200


@dataclass(frozen=True)
class Probe:
    """`act` is for acts that no page does yet: the action itself is called."""

    method: str = "GET"
    path: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    good: Callable[[Any], bool] = opened
    act: Callable[[User], Any] | None = None

    def allowed_to(self, person: User, client: Client) -> bool:
        """Try it; whatever it changed is taken back."""
        with transaction.atomic():
            try:
                if self.act is not None:
                    self.act(person)
                    return True
                send = client.get if self.method == "GET" else client.post
                return self.good(send(self.path, self.data))
            except PermissionDenied:
                return False
            finally:
                transaction.set_rollback(True)


def get(name: str, *parts: Any, good: Callable[[Any], bool] = opened, **data: Any) -> Probe:
    return Probe("GET", reverse(name, args=parts), data, good)


def post(name: str, *parts: Any, good: Callable[[Any], bool] = went_on, **data: Any) -> Probe:
    return Probe("POST", reverse(name, args=parts), data, good)


def calls(act: Callable[[User], Any]) -> Probe:
    return Probe(act=act)


def shows(*texts: str) -> Callable[[Any], bool]:
    """The answer holds one of these."""
    return lambda answer: answer.status_code == 200 and any(text in _text(answer) for text in texts)


def _text(answer: Any) -> str:
    whole = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(whole.decode(errors="replace"))


NAMES = {"az": "Ad", "en": "Name", "ru": "Имя"}
TEXTS = {"name_az": "Ad", "name_en": "Name", "name_ru": "Имя"}
REASON = {"reason": "order 7"}
SURE = {"sure": "1"}

type Making = Callable[[World], Probe]

PROBES: dict[str, Making] = {
    # positions
    "people.see_grants": lambda w: get(
        "people:grants", good=shows(w.registrar_grant.public_id, w.duty_grant.public_id)
    ),
    "people.grant": lambda w: post(
        "people:give_to", w.officer.public_id, position="reviewer", area="everywhere", **REASON, **SURE
    ),
    "people.grant_duty_officer": lambda w: post(
        "people:give_to",
        w.officer.public_id,
        position="duty-officer",
        area=f"unit:{w.unit.public_id}",
        **REASON,
        **SURE,
    ),  # fmt: skip
    "people.propose_registrar": lambda w: post(
        "people:propose_registrar", w.officer.public_id, reason="addition", **SURE
    ),
    "people.confirm_registrar": lambda w: post(
        "people:decide_registrar", w.registrar_proposal.public_id, "confirm"
    ),
    "people.end_registrar": lambda w: post("people:grant_one", w.registrar_grant.public_id, **REASON),
    # accounts and agencies
    "accounts.see_accounts": lambda w: get("accounts:account_one", w.officer.public_id),
    "accounts.deactivate": lambda w: post("accounts:account_change", w.officer.public_id, "close", **REASON),
    "accounts.sign_out": lambda w: post("accounts:account_change", w.officer.public_id, "sign-out", **REASON),
    "people.see_agencies": lambda w: get("people:agencies"),
    "people.save_agency": lambda w: post("people:agency_change", w.agency.public_id, kind="police", **TEXTS),
    "people.save_role": lambda w: calls(lambda by: save_role(code="NEW", names=NAMES, by=by)),
    "accounts.enter_cms": lambda w: Probe(path=reverse("wagtailadmin_home")),
}
