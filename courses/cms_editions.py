"""Editions at /cms/: proposed by a trainer, decided by a reviewer, taken back by either."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page

from assessments.authoring import prospect_of
from assessments.drawing import Prospect
from assessments.models import Blueprint
from locales.languages import LANGUAGE_NAMES
from operations.models import Proposal
from operations.proposals import ProposalError
from people.models import User

from .actions import CourseError
from .actions_editions import (
    confirm_edition,
    propose_edition,
    send_back_edition,
    withdraw_proposed_edition,
)
from .actions_taking_back import leave_out, withdraw_course
from .edition_order import new_orders
from .edition_plan import EditionPlan, plan_of
from .edition_proposals import (
    PUBLISH,
    course_of,
    facts_of,
    pages_to_speak_of,
    remarks_of,
    waiting_edition,
)
from .forms import EditionForm, OrderForm, RemarksForm, TakeBackForm
from .models import AssessmentPage, CoursePage, Edition
from .permissions import (
    can_confirm_edition,
    can_propose_edition,
    can_review,
    can_take_back,
    has_written_in,
)


@dataclass(frozen=True)
class Draws:
    """The draws that the rules of an assessment allow, and what is wrong with it in words."""

    blueprint: Blueprint
    prospect: Prospect
    problems: list[str]


def draws_of(course: CoursePage) -> list[Draws]:
    """Return them for the assessments that the drafts of a course lead to."""
    pages = AssessmentPage.objects.descendant_of(course).order_by("path")
    chosen = (page.get_latest_revision_as_object().blueprint for page in pages)
    return [Draws(blueprint, *prospect_of(blueprint)) for blueprint in chosen if blueprint]


class EditionPage(WagtailAdminTemplateMixin, TemplateView):
    """A page about the editions of one course. `allowed`: whom it is shown."""

    allowed: ClassVar[tuple[Callable[[Any], bool], ...]]
    header_icon = "upload"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not any(may(request.user) for may in self.allowed):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def user(self) -> User:
        return cast(User, self.request.user)  # dispatch() has asked

    @property
    def sent(self) -> Any:
        """Return what was sent, even if it is nothing; None where the page is only asked for."""
        return self.request.POST if self.request.method == "POST" else None

    def get_breadcrumbs_items(self) -> Any:
        editions = {"url": reverse("courses_cms:editions"), "label": _("Editions")}
        return [*self.breadcrumbs_items, editions, {"url": "", "label": self.page_title}]

    def attempt(self, act: Callable[[], Any], done: str) -> bool:
        """Act and say so, or say why it cannot be done."""
        try:
            act()
        except (CourseError, ProposalError) as error:
            messages.error(self.request, str(error))
            return False
        messages.success(self.request, done)
        return True


class ProposeView(EditionPage):
    """The page of what the next edition changes, what stands in its way, and the form that proposes it."""

    template_name = "courses/cms/propose.html"
    page_title = gettext_lazy("Propose an edition")
    allowed = (can_propose_edition,)

    @cached_property
    def course(self) -> CoursePage:
        return get_object_or_404(CoursePage, pk=self.kwargs["course"])

    @cached_property
    def plan(self) -> EditionPlan:
        return plan_of(self.course)

    @cached_property
    def form(self) -> EditionForm:
        return EditionForm(self.plan, self.sent)

    @cached_property
    def order_form(self) -> OrderForm:
        return OrderForm(self.course, self.sent)

    def get_context_data(self, **kwargs: Any) -> Any:
        return super().get_context_data(**kwargs) | {
            "course": self.course,
            "edition": self.plan.newest,
            "waiting": waiting_edition(self.course),
            "changes": self.plan.changed,
            "gaps": [planned for planned in self.plan.pages if planned.gaps],
            "missing": [
                (LANGUAGE_NAMES[language], count) for language, count in self.plan.missing.items() if count
            ],
            "remarks": remarks_of(self.course),
            "draws": draws_of(self.course),
            "form": self.form,
            "order_form": self.order_form,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        whole = [self.form.is_valid(), self.order_form.is_valid()]
        if all(whole) and self.attempt(
            self._propose, _("Proposed. Readers see it once a reviewer has confirmed it.")
        ):
            return redirect("courses_cms:editions")
        if not all(whole):
            messages.error(request, _("Not proposed yet: correct what is marked below."))
        return self.render_to_response(self.get_context_data())

    def _propose(self) -> None:
        given = self.form.cleaned_data
        propose_edition(
            course=self.course,
            facts=self.form.facts(),
            accepted=given.get("accepted", []),
            without=given["without"],
            order=self.order_form.order(),
            by=self.user,
        )


class ProposalView(EditionPage):
    """A proposed edition: read by its proposer and all reviewers, decided by one who wrote none of it."""

    template_name = "courses/cms/proposal.html"
    page_title = gettext_lazy("Proposed edition")
    allowed = (can_propose_edition, can_review)

    @cached_property
    def proposal(self) -> Proposal:
        queryset = Proposal.objects.select_related("proposed_by", "decided_by")
        return get_object_or_404(queryset, public_id=self.kwargs["public_id"], act=PUBLISH)

    @cached_property
    def course(self) -> CoursePage:
        return course_of(self.proposal)

    @cached_property
    def pages(self) -> list[Page]:
        return list(Page.objects.filter(pk__in=self.proposal.payload["pages"]).order_by("path"))

    @cached_property
    def form(self) -> RemarksForm:
        pages = Page.objects.filter(pk__in=pages_to_speak_of(self.proposal)).order_by("path")
        return RemarksForm(list(pages), self.sent)

    def get_context_data(self, **kwargs: Any) -> Any:
        open_now, facts = self.proposal.open, facts_of(self.proposal)
        newest = Edition.objects.newest_of(self.course) if open_now else None
        gone = [code for code in newest.languages if code not in facts.languages] if newest else []
        left_out = Page.objects.filter(pk__in=self.proposal.payload["left_out"]).order_by("path")
        return super().get_context_data(**kwargs) | {
            "course": self.course,
            "proposal": self.proposal,
            "facts": facts,
            "languages": [LANGUAGE_NAMES[language] for language in facts.languages],
            "languages_gone": [LANGUAGE_NAMES[language] for language in gone],
            "changes": [self._change(page) for page in self.pages],
            "left_out": left_out,
            "orders": new_orders(self.proposal.payload["order"]),
            "can_confirm": open_now and can_confirm_edition(self.user, self.proposal),
            "can_send_back": open_now and can_review(self.user) and self.user != self.proposal.proposed_by,
            "can_withdraw": open_now and self.user == self.proposal.proposed_by,
            "wrote": can_review(self.user) and has_written_in(self.user, self.proposal),
            "remarks": remarks_of(self.course, self.proposal),
            "draws": draws_of(self.course),
            "form": self.form,
        }

    def _change(self, page: Page) -> dict[str, Any]:
        revision, _sha256 = self.proposal.payload["pages"][str(page.pk)]
        return {
            "page": page,
            "view_url": reverse("wagtailadmin_pages:revisions_view", args=[page.pk, revision]),
            "compare_url": reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, "live", revision]),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        decide = {"confirm": self._confirm, "send_back": self._send_back, "withdraw": self._withdraw}
        decision = decide.get(kwargs.get("decision", ""))
        if decision is None:
            raise Http404
        if decision():
            return redirect("courses_cms:editions")
        return self.render_to_response(self.get_context_data())

    def _confirm(self) -> bool:
        def act() -> Edition:
            return confirm_edition(proposal=self.proposal, by=self.user)

        return self.attempt(act, _("The edition is published. Readers see it now."))

    def _send_back(self) -> bool:
        if not self.form.is_valid():
            return False

        def act() -> None:
            send_back_edition(proposal=self.proposal, words=self.form.words(), by=self.user)

        return self.attempt(act, _("Sent back. The trainer reads your words at each page."))

    def _withdraw(self) -> bool:
        def act() -> None:
            withdraw_proposed_edition(proposal=self.proposal, by=self.user)

        return self.attempt(act, _("Withdrawn. Readers see what they saw before."))


class TakeBackView(EditionPage):
    """The form that takes a course, or a part of it, from its readers."""

    template_name = "courses/cms/take_back.html"
    page_title = gettext_lazy("Take back")
    header_icon = "no-view"
    allowed = (can_take_back,)

    @cached_property
    def course(self) -> CoursePage:
        return get_object_or_404(CoursePage, live=True, pk=self.kwargs["course"])

    @cached_property
    def form(self) -> TakeBackForm:
        return TakeBackForm(self.course, self.sent)

    def get_context_data(self, **kwargs: Any) -> Any:
        return super().get_context_data(**kwargs) | {"course": self.course, "form": self.form}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.form.is_valid() and self.attempt(self._take_back, _("Readers no longer see it.")):
            return redirect("courses_cms:editions")
        return self.render_to_response(self.get_context_data())

    def _take_back(self) -> None:
        what, reason = self.form.cleaned_data["what"], self.form.cleaned_data["reason"]
        if what == "course":
            withdraw_course(course=self.course, reason=reason, by=self.user)
        else:
            leave_out(page=Page.objects.get(pk=what).specific, reason=reason, by=self.user)
