"""Tiles of the home of somebody in a position: the ways to their work."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from assessments.permissions import DECIDE_APPEALS, RELEASE
from audit.permissions import READ_AUDIT
from certificates.permissions import PROPOSE_RULES, REGISTER, SUSPEND
from courses.permissions import CONFIRM, PROPOSE
from merging.permissions import TAKE_OVER
from people.models import User
from people.permissions import SecondFactorNeeded
from people.permissions.table import held
from rosters.permissions import IMPORT

from .permissions import ASK, EVIDENCE, PROPOSE_RULE, READ, SEE, SEE_FIGURES, SEE_OVERRIDES


@dataclass(frozen=True)
class Tile:
    """A way to where somebody in a position works."""

    title: StrOrPromise
    text: StrOrPromise
    href: str


def tiles_of(person: User) -> list[Tile]:
    """Return ways to pages that open for this person, in a fixed order: nobody sees one they may not use.

    Of two that lead to one page, the first: it says what they may do there, the second what they may read.
    """
    try:
        may = held(person, _PERMISSIONS)
    except SecondFactorNeeded:  # the menu leads to it
        return []
    tiles: dict[str, Tile] = {}
    for permission, title, text, name in _TILES:
        if permission in may:
            tiles.setdefault(name, Tile(title, text, reverse(name)))
    return list(tiles.values())


_TILES = (
    (
        TAKE_OVER,
        _("My agency"),
        _("People, units, transfers, leave, and what waits for you."),
        "people:home",
    ),
    (
        ASK,
        _("Ask for a clearance"),
        _("May this officer do this now? One question, one signed answer."),
        "clearance:desk",
    ),
    (
        ASK,
        _("Ask about a whole shift"),
        _("Who on this shift may do what: several people and functions at once."),
        "clearance:shift",
    ),
    (
        SEE,
        _("Register of decisions"),
        _("Who was cleared and who was not, when, and by which rule."),
        "clearance:decisions",
    ),
    (
        READ,
        _("My questions"),
        _("What you asked, what was answered, and what became of it."),
        "clearance:decisions",
    ),
    (
        SEE_OVERRIDES,
        _("Overruled refusals"),
        _("Who was allowed to do a task without a clearance, and whether somebody reviewed it."),
        "clearance:overrides",
    ),
    (
        EVIDENCE,
        _("Files of evidence"),
        _("One file that proves what was decided about whom; checked without this site."),
        "clearance:evidence",
    ),
    (
        SUSPEND,
        _("Register of certificates"),
        _("Look up certificates; suspend them, propose and confirm revocations."),
        "certificates:register",
    ),
    (
        REGISTER,
        _("Register of certificates"),
        _("Look up certificates, and all that happened to each."),
        "certificates:register",
    ),
    (
        SUSPEND,
        _("Complaints and appeals"),
        _("Complaints about holders of certificates, and appeals by them: decide those that are open."),
        "certificates:to_answer",
    ),
    (
        RELEASE,
        _("Examinations"),
        _("Release the next attempt for people who have used all of theirs."),
        "assessor:releases",
    ),
    (
        DECIDE_APPEALS,
        _("Appeals"),
        _("Somebody does not agree with a result: look at the answers and decide."),
        "assessor:appeals",
    ),
    (
        PROPOSE,
        _("Authoring"),
        _("Write lessons in three languages, preview them, propose an edition."),
        "wagtailadmin_home",
    ),
    (
        CONFIRM,
        _("Authoring"),
        _("Read what is proposed, correct drafts, and confirm an edition or send it back."),
        "wagtailadmin_home",
    ),
    (
        SEE_FIGURES,
        _("Figures for the country"),
        _("How many serve, are certified and are learning, by agency. Without names."),
        "clearance:figures",
    ),
    (
        PROPOSE_RULE,
        _("Requirements"),
        _("Which certificates a function requires; changes are made by two."),
        "clearance:requirements",
    ),
    (
        PROPOSE_RULES,
        _("Qualifications"),
        _("What earns a certificate, how long it holds and what renews it; changes are made by two."),
        "certificates:qualifications",
    ),
    (
        SEE_FIGURES,
        _("Requirements"),
        _("Which certificates a function requires: now, before and later."),
        "clearance:requirements",
    ),
    (
        SEE_FIGURES,
        _("Qualifications"),
        _("What earns a certificate, how long it holds and what renews it."),
        "certificates:qualifications",
    ),
    (
        READ_AUDIT,
        _("Audit trail"),
        _("Who changed what, when and why: search it, and take it along as a file."),
        "audit:audit",
    ),
    (
        "accounts.deactivate",
        _("People"),
        _("Find somebody: where they serve, their certificates, their history."),
        "people:list",
    ),
    (
        IMPORT,
        _("Rosters"),
        _("The people of an agency as a file: checked first, applied when you confirm."),
        "rosters:rosters",
    ),
    (
        "accounts.deactivate",
        _("Accounts"),
        _("Who signs in: close an account, sign somebody out, help with a lost second step."),
        "accounts:accounts",
    ),
    (
        "people.grant",
        _("Positions"),
        _("Who may do what for others: give a position, end it, confirm a proposed one."),
        "people:grants",
    ),
    (
        "people.save_agency",
        _("Agencies"),
        _("Add an agency or rename one."),
        "people:agencies",
    ),
)
_PERMISSIONS = frozenset(permission for permission, _title, _text, _name in _TILES)
