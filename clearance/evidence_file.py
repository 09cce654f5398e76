"""Evidence of one person or one period, format 1: what was decided, on what it rested, and by which rule.

Every part that was signed stands in it as it was signed, so that each can be checked by itself.
"""

import base64
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import ngettext, pgettext_lazy

from certificates import signing
from certificates.credentials.did import did_document
from certificates.credentials.evidence import TYPE
from certificates.credentials.jsontext import Json
from certificates.models import Certificate, CertificateEvent, StatusList
from locales.languages import LANGUAGES
from locales.text import written_name
from operations import canonical, clock
from operations.jobs import JobRefused
from operations.models import Proposal
from people.models import Agency, Unit, User

from .case_reference import is_carried
from .decision_list import DecisionQuery, decisions_of
from .evidence_reach import agencies_of, certificates_seen, printed_elsewhere
from .models import Decision, DecisionOverride, DecisionRecall, RequirementInForce, RequirementVersion

FORMAT = 1
MOST = 5000  # decisions of one file
REQUIRE = "clearance.require"  # the act by which two rule owners put a version in force
# No file holds these; pages say them in words.
NOT_INCLUDED = ("victims", "case-materials", "exam-answers", "private-contacts", "decisions-outside-reach")


class WhyEvidence(models.TextChoices):
    """The reasons for making an evidence file."""

    REVIEW = "review", pgettext_lazy("evidence", "a review of the agency's work")
    COMPLAINT = "complaint", pgettext_lazy("evidence", "a complaint or an appeal")
    AUTHORITY = "authority", pgettext_lazy("evidence", "a court, prosecutor or oversight body asks")
    PERSON = "person", pgettext_lazy("evidence", "the officer asks")


@dataclass(frozen=True, kw_only=True)
class EvidenceQuery:
    """The question that a file answers. `people`: public ids of one person's records; none: everybody in the period.
    `of_case`: public ids of the decisions of one case; None: of any.
    """

    people: tuple[str, ...] = ()
    agency: str = ""  # public id
    since: str = ""  # days, ISO 8601
    until: str = ""
    reason: str = ""
    of_case: tuple[str, ...] | None = None

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        of_case = kept.get("of_case")
        said = {"people": tuple(kept["people"]), "of_case": None if of_case is None else tuple(of_case)}
        return cls(**{**kept, **said})

    def kept(self) -> dict[str, Any]:
        return asdict(self)

    def told(self) -> dict[str, Any]:
        """As the file says it: of a case that there was one."""
        said = self.kept()
        del said["of_case"]
        return {**said, "case": self.of_case is not None}

    @property
    def decisions(self) -> DecisionQuery:
        return DecisionQuery(
            people=self.people or None,
            of_case=self.of_case,
            agency=self.agency,
            since=self.since,
            until=self.until,
        )


def contents_of(
    query: EvidenceQuery, *, by: User, asked_until: datetime, at_work: Callable[[], None] = lambda: None
) -> Json:
    """Return what the file says, as far as `by` may read it. JobRefused where there are too many decisions.

    `asked_until`: when the file was asked for; whom a later decision is about read nothing of the file.
    """
    decisions = _decisions(query, by, asked_until)
    at_work()
    certificates = _certificates(decisions, query.people, by)
    hidden = printed_elsewhere(certificates, by)
    at_work()
    versions = _versions(decisions)
    agencies = agencies_of(by)
    said: Json = {
        "type": TYPE,
        "format": FORMAT,
        "issuer": settings.ISSUER_DID,
        "keys": did_document(settings.BASE_URL, signing.keyring().public_keys)["verificationMethod"],
        "made_at": clock.now(),
        "made_by": by.public_id,
        "about": query.told(),
        "not_included": list(NOT_INCLUDED),
        "decisions": [decision_1(decision) for decision in decisions],
        "certificates": [certificate_1(each, named=each.pk not in hidden) for each in certificates],
        "status_lists": _status_lists(certificates),
        "requirements": _requirements(versions),
        "people": _people(decisions, certificates, versions, by, whole=agencies is None),
        **_places(decisions, agencies),
    }
    said["counts"] = _counts(said)
    plain: Json = canonical.plain(said)
    return plain


def _decisions(query: EvidenceQuery, by: User, asked_until: datetime) -> list[Decision]:
    """Return the decisions of the file, the oldest first."""
    found = decisions_of(by, query.decisions).with_all().order_by("asked_at", "pk")
    found = found.filter(asked_at__lte=asked_until).select_related(
        "override__by", "override__reviewed_by", "recall"
    )
    decisions = list(found[: MOST + 1])
    if len(decisions) > MOST:
        raise JobRefused(
            ngettext(
                "One file holds at most %(most)d decision. Choose fewer days.",
                "One file holds at most %(most)d decisions. Choose fewer days.",
                MOST,
            )
            % {"most": MOST}
        )
    return decisions


def decision_1(decision: Decision) -> Json:
    """Return a decision with what it rested on. `receipt`: COSE_Sign1, in base64; it holds the hash of `evidence`."""
    return {
        "id": decision.public_id,
        "function": decision.function.code,
        "agency": decision.agency.code,
        "asking_agency": decision.asking_agency.code,
        "person": decision.person.public_id if decision.person else None,
        "asked_by": decision.asked_by.public_id if isinstance(decision.asked_by, User) else None,
        "asked_at": decision.asked_at,
        "instant": decision.instant,
        "until": decision.until,
        "answer": decision.answer,
        "mode": decision.mode,
        "case_reference": is_carried(decision),  # whether one was given
        "evidence": decision.evidence,
        "as_it_was": decision.personal,  # names, number and unit; null where they were erased
        "receipt": base64.b64encode(bytes(decision.receipt)).decode("ascii"),
        "override": _override_1(decision),
        "recall": _recall_1(decision),
    }


def _override_1(decision: Decision) -> Json | None:
    """Return who overruled the answer and why, with the receipt of it, and how it was reviewed."""
    override: DecisionOverride | None = getattr(decision, "override", None)
    if override is None:
        return None
    return {
        "by": override.by.public_id if isinstance(override.by, User) else None,
        "at": override.at,
        "reason": override.reason,
        "review_until": override.review_until,
        "receipt": base64.b64encode(bytes(override.receipt)).decode("ascii"),
        "reviewed_by": override.reviewed_by.public_id if isinstance(override.reviewed_by, User) else None,
        "reviewed_at": override.reviewed_at,
        "finding": override.finding,
    }


def _recall_1(decision: Decision) -> Json | None:
    """Return when it was found that the answer would be another one, and which."""
    recall: DecisionRecall | None = getattr(decision, "recall", None)
    if recall is None:
        return None
    return {"at": recall.at, "answer": recall.answer, "reasons": recall.reasons}


def certificate_1(certificate: Certificate, *, named: bool = True) -> Json:
    """Return the signed statement, the bearer it commits to (null where erased, or not `named`: it was printed with an
    agency that is none of the reader's), and its events, oldest first.
    """
    bearer = certificate.bearer
    return {
        "id": certificate.public_id,
        "person": certificate.award.person.surviving.public_id,
        "issued_at": certificate.issued_at,
        "statement": certificate.statement,
        "bearer": None
        if bearer.names is None or not named
        else {"names": bearer.names, "agency": bearer.agency, "salt": bearer.salt},
        "rules": certificate.qualification_version.rules,
        "award": {"cause": certificate.award.cause, "awarded_at": certificate.award.awarded_at},
        "events": [event_1(event) for event in certificate.events.all()],
    }


def event_1(event: CertificateEvent) -> Json:
    """Return the signed event, who recorded it, and the proposal behind it."""
    return {
        "id": event.public_id,
        "statement": event.statement,
        "by": event.by.public_id if isinstance(event.by, User) else None,
        "proposal": proposal_1(event.proposal) if event.proposal else None,
    }


def proposal_1(proposal: Proposal) -> Json:
    """Return who proposed and who decided an act of two people, and when."""
    return {
        "id": proposal.public_id,
        "act": proposal.act,
        "reason": proposal.reason_category,
        "proposed_by": proposal.proposed_by.public_id if isinstance(proposal.proposed_by, User) else None,
        "proposed_at": proposal.proposed_at,
        "decided_by": proposal.decided_by.public_id if isinstance(proposal.decided_by, User) else None,
        "decided_at": proposal.decided_at,
        "outcome": proposal.outcome,
    }


def _certificates(decisions: Iterable[Decision], people: Collection[str], by: User) -> list[Certificate]:
    """Return those that the decisions read, and those `by` sees of the one person the file is about."""
    read = {row["public_id"] for decision in decisions for row in decision.evidence.get("certificates") or ()}
    whose = Q(public_id__in=read) | certificates_seen(people, by)
    with_people = ("proposal__proposed_by", "proposal__decided_by")
    events = CertificateEvent.objects.with_signed().select_related("by", "proposal", *with_people)
    found = Certificate.objects.finished().filter(whose).prefetch_related(Prefetch("events", events))
    related = ("award__person__merged_into", "bearer", "qualification_version")
    return list(found.select_related(*related).order_by("issued_at", "pk"))


def _status_lists(certificates: Iterable[Certificate]) -> list[Json]:
    """Return the signed lists of the certificates, as they are now."""
    numbers = {
        entry["list"] for certificate in certificates for entry in certificate.statement["status"].values()
    }
    lists = StatusList.objects.filter(number__in=numbers).order_by("number")
    return [{"number": each.number, "credential": each.credential} for each in lists]


def _versions(decisions: Iterable[Decision]) -> list[RequirementVersion]:
    """Return the versions that the decisions followed."""
    read = {
        (decision.function.code, rule["sha256"])
        for decision in decisions
        if (rule := decision.evidence.get("requirement"))
    }
    found = RequirementVersion.objects.filter(sha256__in={sha256 for _code, sha256 in read})
    versions = found.select_related("requirement__function", "recorded_by").order_by("pk")
    return [each for each in versions if (each.requirement.function.code, each.sha256) in read]


def _requirements(versions: Iterable[RequirementVersion]) -> list[Json]:
    """Return each version with its rules, when it was in force as known when, and who made it so."""
    chosen = list(versions)
    functions = [each.requirement.function.public_id for each in chosen]
    confirmed = Proposal.objects.filter(act=REQUIRE, subject_id__in=functions, outcome="confirmed")
    proposals: dict[tuple[str, str], list[Json]] = {}
    for each in confirmed.select_related("proposed_by", "decided_by").order_by("proposed_at"):
        key = each.subject_id, canonical.sha256(each.payload["rules"])
        proposals.setdefault(key, []).append(proposal_1(each))
    in_force: dict[int, list[Json]] = {}
    for row in RequirementInForce.objects.filter(version__in=chosen).order_by("recorded_at", "pk"):
        in_force.setdefault(row.version_id, []).append(
            {name: getattr(row, name) for name in ("valid_from", "valid_to", "recorded_at", "withdrawn_at")}
        )
    return [
        {
            "function": each.requirement.function.code,
            "version": each.number,
            "sha256": each.sha256,
            "rules": each.rules,
            "recorded_at": each.recorded_at,
            "recorded_by": each.recorded_by.public_id if isinstance(each.recorded_by, User) else None,
            "in_force": in_force.get(each.pk, []),
            "proposals": proposals.get((each.requirement.function.public_id, each.sha256), []),
        }
        for each in chosen
    ]


def _people(
    decisions: Iterable[Decision],
    certificates: Iterable[Certificate],
    versions: Iterable[RequirementVersion],
    by: User,
    *,
    whole: bool,
) -> dict[str, dict[str, str]]:
    """Return names by public id: of officers, of who asked and who made the file; of registrars and rule owners only
    in a file of whoever sees the whole country.
    """
    named: list[Any] = [by]
    for decision in decisions:
        named += [decision.person, decision.asked_by]
        if override := getattr(decision, "override", None):
            named += [override.by, override.reviewed_by]
    for certificate in certificates:
        named.append(certificate.award.person.surviving)
        for event in certificate.events.all() if whole else ():
            proposal = event.proposal
            named += [event.by, *([proposal.proposed_by, proposal.decided_by] if proposal else [])]
    if whole:
        named += [version.recorded_by for version in versions]
    found = {person.public_id: person for person in named if isinstance(person, User)}
    return {
        public_id: {language: written_name(found[public_id], language) for language in LANGUAGES}
        for public_id in sorted(found)
    }


def _places(decisions: Iterable[Decision], within: Collection[int] | None) -> dict[str, Any]:
    """Return names of the agencies by code and of the units by public id that the decisions speak of, as far as they
    are `within` the reader's agencies.
    """
    postings = [row for decision in decisions for row in decision.evidence.get("postings") or ()]
    codes = {row["agency"] for row in postings}
    codes |= {code for each in decisions for code in (each.agency.code, each.asking_agency.code)}
    agencies = Agency.objects.filter(code__in=codes).order_by("code")
    units = Unit.objects.filter(public_id__in={row["unit"] for row in postings}).order_by("public_id")
    if within is not None:
        own = {code for each in decisions for code in (each.agency.code, each.asking_agency.code)}
        agencies = agencies.filter(Q(pk__in=within) | Q(code__in=own))
        units = units.filter(agency__in=agencies)
    return {
        "agencies": {each.code: _names(each) for each in agencies},
        "units": {each.public_id: _names(each) for each in units},
    }


def _names(place: Any) -> dict[str, str]:
    return {language: getattr(place, f"name_{language}") or "" for language in LANGUAGES}


def _counts(said: Json) -> dict[str, int]:
    counts = {name: len(said[name]) for name in ("decisions", "certificates", "status_lists", "requirements")}
    return {**counts, "events": sum(len(each["events"]) for each in said["certificates"])}
