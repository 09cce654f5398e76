"""Legal sources and indicators to look up at /cms/, and the glossary, which trainers edit there."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet

from accounts.cms_permissions import cms_permissions
from locales.dates import day_text
from locales.languages import LANGUAGES
from people.models import Grant

from .forms import MEANINGS, TermForm
from .models import Indicator, LegalSource, Term

for _position in (Grant.Position.TRAINER, Grant.Position.REVIEWER):
    cms_permissions.allow(
        _position, ["standards.view_legalsource", "standards.view_indicator", "standards.view_term"]
    )
cms_permissions.allow(Grant.Position.TRAINER, ["standards.change_term"])


class Reference(ModelViewSet):
    """Records that trainers and reviewers look up: they come from the curriculum's files and are not edited here."""

    add_to_admin_menu = True
    ordering: ClassVar[list[str]] = ["code"]
    inspect_view_enabled = True
    copy_view_enabled = False
    exclude_form_fields: ClassVar[list[str]] = []


class LegalSources(Reference):
    model = LegalSource
    menu_label = _("Legal sources")
    menu_name = "legal-sources"
    icon = "openquote"
    menu_order = 300
    inspect_view_fields_exclude: ClassVar[list[str]] = ["id", "instrument", "state_note"]
    list_display: ClassVar[list[Any]] = [
        "code",
        "instrument",
        "article",
        Column("state_on", label=_("State of the text"), accessor=lambda source: day_text(source.state_on)),
        Column("get_confidence_display", label=_("How sure")),
    ]
    search_fields: ClassVar[list[str]] = ["code", "instrument", "article"]


class Indicators(Reference):
    model = Indicator
    menu_label = _("Indicators")
    menu_name = "indicators"
    icon = "warning"
    menu_order = 310
    inspect_view_fields_exclude: ClassVar[list[str]] = ["id", "position", "text", "not_enough"]
    list_display: ClassVar[list[Any]] = [
        "code",
        "text",
        Column("get_strength_display", label=_("Strength")),
        Column("set", label=_("Set")),
    ]
    list_filter: ClassVar[list[str]] = ["set", "strength"]
    search_fields: ClassVar[list[str]] = ["code", "text"]


class Terms(ModelViewSet):
    """A meaning is shown to readers as soon as it is saved."""

    model = Term
    menu_label = _("Glossary")
    menu_name = "glossary"
    icon = "list-ul"
    add_to_admin_menu = True
    menu_order = 320
    ordering: ClassVar[list[str]] = ["number"]
    inspect_view_enabled = True
    copy_view_enabled = False
    inspect_view_fields_exclude: ClassVar[list[str]] = ["id", "public_id"]
    list_display: ClassVar[list[Any]] = [
        "number",
        *LANGUAGES,
        Column("meaning", label=_("Meaning"), accessor=lambda term: term.meaning),
    ]
    search_fields: ClassVar[list[str]] = [*LANGUAGES, *MEANINGS]

    def get_form_class(self, for_update: bool = False) -> type[TermForm]:
        return TermForm


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[ModelViewSet]:
    return [LegalSources(), Indicators(), Terms()]
