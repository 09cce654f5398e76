"""Things that the addresses of people and jobs are asked about, and what is sent to them."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.actions.invitations import invite
from accounts.invitation_secrets import mark_of
from merging.actions.merge import propose_merge
from operations import clock, jobs
from operations.models import AuditEntry, Job
from people.actions.editing import change_address
from people.actions.leaves import add_leave
from people.extensions import CHOSEN
from people.models import Agency, Leave, Posting, User
from people.views.postings import token_of
from privacy.actions.corrections import ask_correction
from privacy.actions.erasure import propose_erasure
from privacy.actions.own_data import export_my_data
from rosters.models import RosterImport
from tests import factories
from tests.people.probes_records import (
    function_proposed,
    requirement_proposed,
    reset_proposed,
    rules_proposed,
)


def made(officer: User, colleague: User, agency: Agency) -> dict[str, str]:
    """The officer's: a leave of long ago, a finished job with its file, a correction and a new address asked for; the colleague asked
    to be erased. In the agency: somebody invited, two records of one person that a coordinator proposed to
    merge, a roster that is checked. The coordinator's passkey. Public ids and
    tokens, by what they are.
    """
    posting = Posting.objects.get(user=officer)
    twins = [factories.make_person("Sadıqov", "Rəşad", unit=posting.unit) for _ in range(2)]
    invited = factories.make_person("Zeynalov", "Elçin", unit=posting.unit)
    proposer = factories.make_person()
    factories.give(proposer, factories.Position.COORDINATOR, agency=agency)
    [invitation] = invite(people=[invited], agency=agency, way="mail", by=proposer)
    found = {
        "job": _finished(export_my_data(person=officer, by=officer)),
        "correction": ask_correction(person=officer, about="name", text="One letter.", by=officer),
        "address": change_address(person=officer, email="other@agency.example", agency=agency, by=proposer),
        "erasure": propose_erasure(person=colleague, by=colleague),
        "invitation": invitation,
        "merge": propose_merge(kept=twins[0], gone=twins[1], by=proposer),
        "roster": _checked(agency, proposer),
        "entry": AuditEntry.objects.latest("pk"),
        "unit": posting.unit,
        "reset": reset_proposed(),
        "requirement": requirement_proposed(),
        "new_function": function_proposed(),
        "new_rules": rules_proposed(),
    }
    passkey = Authenticator.objects.create(
        user=proposer, type=Authenticator.Type.WEBAUTHN, data={"name": "Açar"}
    )
    tokens = {
        "passkey": str(passkey.pk),
        "twins": " ".join(twin.public_id for twin in twins),
        "posting": token_of(posting),
        "leave": token_of(_away_once(officer, agency)),
        "mark": mark_of(invitation),
    }
    tokens["grant-holder"] = User.objects.get(public_id=found["reset"].subject_id).public_id
    tokens["function"] = found["requirement"].subject_id
    tokens["qualification"] = found["new_rules"].subject_id
    return tokens | {name: thing.public_id for name, thing in found.items()}


def _away_once(person: User, agency: Agency) -> Leave:
    """Long ago: it stands in nobody's way."""
    since = clock.now() - timedelta(days=300)
    return add_leave(
        person=person, agency=agency, valid_from=since, valid_to=since + timedelta(days=1), by=None
    )


def _finished(job: Job) -> Job:
    jobs.keep_result(job, name="own-data.zip", content=b"all of it")
    job.state, job.closed_at = Job.State.DONE, clock.now()
    job.save()
    return job


def _checked(agency: Agency, by: User) -> RosterImport:
    return RosterImport.objects.create(
        agency=agency, by=by, file_name="roster.csv", valid_from=clock.now(), state=RosterImport.State.CHECKED
    )


def tick(clients: Iterable[Client], world: Mapping[str, str]) -> None:
    """In each one's list of people."""
    for client in clients:
        session = client.session
        session[CHOSEN] = world["twins"].split()
        session.save()


def parts(name: str, about: str, world: Mapping[str, str]) -> dict[str, Any]:
    """Parts of an address besides the public id."""
    letter = world["leave"] if name == "people:withdraw_leave" else world["posting"]
    return {
        "token": letter, "mark": world["mark"] if about == "invitation" else "made-up", "kind": "csv", "what": "name", "pk": world["passkey"],
        "provider_id": "nowhere", "organization_slug": "nowhere",
        **({"key": world["certificate"]} if name.startswith("demo:") else {}),
    }  # fmt: skip


def query(name: str, world: Mapping[str, str]) -> str:
    """Whoever may do it for several agencies chooses one first."""
    return f"?agency={world['agency']}" if name in {"people:add", "people:add_unit", "people:units"} else ""


def sent_to(row: str, world: Mapping[str, str]) -> dict[str, Any]:
    """Return what a POST carries where an empty one would be refused for that alone."""
    found: dict[str, dict[str, str]] = {
        "accounts:invitations_act": {"what": "send", "id": world["invitation"]},
        "audit:export_audit": {"form": "csv"},
        "people:bulk": {"act": "transfer", "p": world["person"]},
        "privacy:decline_erasure erasure": {"reason": "serving"},
        "merging:decide merge": {"sure": "1"},
    }
    return {"data": found[row]} if row in found else {}
