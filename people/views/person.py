"""One person's page, adding somebody, correcting what is known."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe
from django_stubs_ext import StrOrPromise

from locales.dates import day_text
from operations import clock
from operations.confirmation import FormPage, ask_then_act, show
from people import enumeration_limits, renaming
from people.actions.editing import (
    can_edit,
    change_address,
    edit_person,
    may_set_address,
)
from people.actions.persons import add_person
from people.actions.postings import post
from people.extensions import registry
from people.forms.people import MomentForm, NewPersonForm, PersonForm, PlaceForm
from people.models import AddressRequest, Agency, Grant, Leave, Posting, User
from people.models.person import NAME_PARTS
from people.permissions import agencies_where, reach_of, visible_grants
from people.permissions.records import EDIT, POSTINGS, SEE
from people.renaming import NameChange
from people.requests import OfficerRequest
from people.timeline import as_of, events_of, rows_of
from people.visibility import Visibility, visibility_of

from .breadcrumbs import to_list, to_person
from .changes import changes_in
from .choosing import asked_among, choose_agency
from .guards import for_whom, form_for
from .postings import agency_to_change, token_of


def seen(request: OfficerRequest, public_id: str) -> tuple[User, Visibility]:
    """Return the person and how much of them is visible; raise Http404 for a person whom this user may not
    see.
    """
    person = get_object_or_404(User.objects.people(), public_id=public_id)
    visibility = visibility_of(request.user, person)
    if visibility is None:
        raise Http404
    return person, visibility


@require_safe
@for_whom(SEE)
def person(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    person, visibility = seen(request, public_id)
    if person.merged_into is not None and visibility_of(request.user, person.merged_into):
        messages.info(request, _("This record was merged into the one below."))
        return redirect("people:person", person.merged_into.public_id)
    moment = MomentForm(request.GET if "at" in request.GET else None)
    asked = moment.cleaned_data["at"] if moment.is_valid() else None
    agency = agency_to_change(request.user, person)
    cards = [
        card
        for make in registry.cards
        if (card := make(person, visibility, request.user)) and (card.lines or card.empty)
    ]
    context = {
        "whom": person,
        "visibility": visibility,
        "history": rows_of(events_of(person, visibility)),
        "as_of": as_of(person, visibility, asked) if asked else None,
        "moment": moment,
        "postings": _postings(request.user, person, visibility),
        "leaves": _leaves(request.user, person, visibility),
        "today": [card for card in cards if card.today],
        "cards": [card for card in cards if not card.today],
        "facts": _facts(request.user, person) if visibility.whole else [],
        "grants": _grants(request.user, person) if visibility.whole else [],
        "can_edit": can_edit(request.user, person, agency),
        "can_post": agency is not None,
        "links": [
            link for make in registry.person_links if (link := make(person, request.user, agency is not None))
        ],
        "crumbs": [to_list(request)],
        "section": "people",
    }
    return render(request, "people/person.html", context)


def _grants(by: User, person: User) -> QuerySet[Grant]:
    """Return positions that the person holds now, of those that `by` sees in the list of positions."""
    live = visible_grants(by).filter(person=person) & Grant.objects.live()
    return live.select_related("agency", "unit").order_by("pk")


def _postings(by: User, person: User, visibility: Visibility) -> list[dict[str, Any]]:
    """Return what is known of where the person serves, newest first; a token where `by` may change it."""
    reach, now = reach_of(by, POSTINGS), clock.now()
    known = Posting.objects.known().filter(visibility.postings(), user=person)
    return [
        {
            "posting": row,
            "first_day": clock.first_day(row.valid_from),
            "last_day": clock.last_day(row.valid_to) if row.valid_to else None,
            "state": _state(row, now),
            "token": token_of(row) if visibility.whole and (reach is None or row.agency_id in reach) else "",
        }
        for row in known.select_related("agency", "unit", "role").order_by("-valid_from")
    ]


def _state(row: Posting | Leave, now: datetime) -> str:
    if row.valid_from > now:
        return "coming"
    return "now" if row.valid_to is None or row.valid_to > now else "past"


def _leaves(by: User, person: User, visibility: Visibility) -> list[dict[str, Any]]:
    known = Leave.objects.known().filter(user=person).order_by("-valid_from")
    changeable = visibility.whole and agency_to_change(by, person) is not None
    return [
        {
            "first_day": clock.first_day(row.valid_from),
            "last_day": clock.last_day(row.valid_to) if row.valid_to else None,
            "state": _state(row, clock.now()),
            "token": token_of(row) if changeable else "",
        }
        for row in known
        if visibility.meets(row.valid_from, row.valid_to)
    ]


def _facts(by: User, person: User) -> list[dict[str, Any]]:
    """Return the facts of the page. The supervisor is told to users who see that person too: it may be
    somebody of another agency.
    """
    signed_in, above = person.last_login, person.supervisor
    languages = dict(PersonForm.base_fields["spoken_languages"].choices)  # type: ignore[attr-defined]  # of a ChoiceField
    spoken = ", ".join(str(languages.get(code, code)) for code in person.spoken_languages)
    rows = [
        (_("E-mail address"), person.email or _("none")),
        (_("Signed in last"), day_text(signed_in) if signed_in else _("never")),
        (_("Name in the passport"), f"{person.given_name_latin} {person.family_name_latin}".strip()),
        (
            pgettext("person", "Name in Russian"),
            f"{person.family_name_cyrillic} {person.given_name_cyrillic}".strip(),
        ),
        (_("Language of letters and pages"), person.get_language_display()),
        (_("Sex"), person.get_sex_display()),
        (_("Speaks"), spoken),
        (_("Availability"), _entered_availability(person)),
        (pgettext("heading", "Supervisor"), above and visibility_of(by, above) and above.get_full_name()),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def _entered_availability(person: User) -> str:
    """Return it in words where somebody entered another than a new record has: who has a record is not on duty by that."""
    if person.availability == User.Availability.AVAILABLE:
        return ""
    return person.get_availability_display()


@form_for(EDIT)
def edit(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    person, visibility = seen(request, public_id)
    agency = agency_to_change(request.user, person)
    if not visibility.whole or not can_edit(request.user, person, agency):
        raise Http404
    data = request.POST if request.method == "POST" else None
    initial = PersonForm.initial_of(person, agency)
    form = PersonForm(data, among=agency, person=person, initial=initial)
    if not may_set_address(person):
        form.fields["email"].help_text = _("A new address holds once the person has confirmed it.")
    back = reverse("people:person", args=[public_id])
    page = FormPage(
        title=_("Correct what is known"), button=_("Save"), back=back, crumbs=to_person(person),
        groups=PersonForm.GROUPS,
        text=_(
            "If a certificate in force shows the name, another name is proposed to the registrars: once "
            "they confirm, it takes effect and the certificate is issued anew. Everything else is saved "
            "at once."
        ),
        listed=[waiting.text] if (waiting := renaming.waiting(person)) else (),
    )  # fmt: skip

    def points() -> list[StrOrPromise]:
        names = {part: text for part, text in form.known().values().items() if part in NAME_PARTS}
        names = {part: text for part, text in names.items() if getattr(person, part) != text}
        change = renaming.change_of(person, names, request.user)
        return [*changes_in(form), *_said_of_address(form), *_said_of_name(change)]

    def perform() -> str:
        change = edit_person(person=person, known=form.known(), agency=agency, by=request.user)
        email = form.cleaned_data["email"] or None
        asked = change_address(person=person, email=email, agency=agency, by=request.user)
        return " ".join([_said_when_saved(person, asked), *map(str, _said_of_name(change))])

    with enumeration_limits.in_turn(agency, request.user):
        page_shown = ask_then_act(
            request, form, page, points=points, perform=perform, question=_("Save these changes?")
        )
        return _counted(page_shown, form, agency, request.user)


def _counted(page: HttpResponseBase, form: PersonForm, agency: Agency | None, by: User) -> HttpResponseBase:
    """Count, after the rollback of what was tried, that an address was refused."""
    if agency is not None and (form.has_error("email", "taken") or form.has_error("email", "guessed")):
        enumeration_limits.note(agency=agency, number=int(form.has_error("email", "taken")), by=by)
    return page


def _said_when_saved(person: User, asked: AddressRequest | None) -> str:
    if asked and not person.email:
        return _("Saved. The person is asked to confirm the new address on the own account page.")
    return _("Saved. The person is asked to confirm the new address.") if asked else _("Saved.")


def _said_of_name(change: NameChange) -> list[StrOrPromise]:
    if change is NameChange.FREE:
        return []
    return [_("A registrar must confirm the new name. Until then the name on the certificate stays.")]


def _said_of_address(form: PersonForm) -> list[StrOrPromise]:
    if "email" not in form.changed_data:
        return []
    return [form.fields["email"].help_text]


@form_for(EDIT)
def add(request: OfficerRequest) -> HttpResponseBase:
    """Add somebody and where they serve. With several agencies, the agency is chosen first."""
    agencies = agencies_where(request.user, EDIT)
    agency = asked_among(request, agencies)
    if agency is None:
        return choose_agency(request, agencies)
    data = request.POST if request.method == "POST" else None
    form = NewPersonForm(
        data, agency=agency, among=agency, initial={"language": "az", "availability": "available"}
    )
    page = FormPage(
        title=_("Add a person"), button=_("Continue"), back=reverse("people:list"), crumbs=[to_list()],
        text=agency.name, groups=[*PersonForm.GROUPS, (_("Where the person serves"), list(PlaceForm.base_fields))],
    )  # fmt: skip
    if not form.is_valid():
        return show(request, form, page)

    made: list[User] = []

    def perform() -> str:
        made.append(_add(form, agency, request.user))
        return _("%(name)s was added. Invite the person next.") % {"name": made[-1].get_full_name()}

    with enumeration_limits.in_turn(agency, request.user):
        page_shown = ask_then_act(
            request,
            form,
            page,
            points=lambda: _will_add(form),
            perform=perform,
            question=_("Add this person?"),
        )
        if page_shown.status_code == HTTPStatus.FOUND:  # done: their page has the button that invites
            page_shown["Location"] = reverse("people:person", args=[made[-1].public_id])
        return _counted(page_shown, form, agency, request.user)


def _add(form: NewPersonForm, agency: Agency, by: User) -> User:
    known = form.known()
    made = add_person(
        supervisor=known.supervisor,
        family_name=known.family_name, given_name=known.given_name, father_name=known.father_name,
        email=form.cleaned_data["email"] or None, language=known.language, sex=known.sex,
        spoken_languages=known.spoken_languages, agency=agency,
        latin=(known.family_name_latin, known.given_name_latin),
        cyrillic=(known.family_name_cyrillic, known.given_name_cyrillic, known.father_name_cyrillic), by=by,
    )  # fmt: skip
    post(
        person=made, unit=form.unit_chosen, role=form.role_chosen, valid_from=form.since,
        service_number=form.cleaned_data["service_number"], by=by,
    )  # fmt: skip
    return made


def _will_add(form: NewPersonForm) -> list[StrOrPromise]:
    data = form.cleaned_data
    name = " ".join(filter(None, (data["family_name"], data["given_name"], data["father_name"])))
    reachable = data["email"] or data["service_number"]
    return [
        name,
        _("%(unit)s, %(role)s, from %(day)s")
        % {"unit": form.unit_chosen.name, "role": form.role_chosen.name, "day": day_text(data["first_day"])},
        _("Nobody is told yet. The person can sign in once invited.")
        if reachable
        else _("Without an e-mail address and without a service number the person cannot be invited yet."),
    ]
