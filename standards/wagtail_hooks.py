"""Legal sources and indicators to look up at /cms/. They are changed by loading the curriculum, not here."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet

from accounts.cms_permissions import cms_permissions
from locales.dates import day_text
from people.models import Grant

from .models import Indicator, LegalSource

for _position in (Grant.Position.TRAINER, Grant.Position.REVIEWER):
    cms_permissions.allow(_position, ["standards.view_legalsource", "standards.view_indicator"])


class LegalSources(ModelViewSet):
    model = LegalSource
    menu_label = _("Legal sources")
    menu_name = "legal-sources"
    icon = "openquote"
    add_to_admin_menu = True
    menu_order = 300
    ordering: ClassVar[list[str]] = ["code"]
    inspect_view_enabled = True
    inspect_view_fields_exclude: ClassVar[list[str]] = ["id", "instrument", "state_note"]
    copy_view_enabled = False
    exclude_form_fields: ClassVar[list[str]] = []
    list_display: ClassVar[list[Any]] = [
        "code",
        "instrument",
        "article",
        Column("state_on", label=_("State of the text"), accessor=lambda source: day_text(source.state_on)),
        Column("get_confidence_display", label=_("How sure")),
    ]
    search_fields: ClassVar[list[str]] = ["code", "instrument", "article"]


class Indicators(ModelViewSet):
    model = Indicator
    menu_label = _("Indicators")
    menu_name = "indicators"
    icon = "warning"
    add_to_admin_menu = True
    menu_order = 310
    ordering: ClassVar[list[str]] = ["code"]
    inspect_view_enabled = True
    inspect_view_fields_exclude: ClassVar[list[str]] = ["id", "position", "text", "not_enough"]
    copy_view_enabled = False
    exclude_form_fields: ClassVar[list[str]] = []
    list_display: ClassVar[list[Any]] = [
        "code",
        "text",
        Column("get_strength_display", label=_("Strength")),
        Column("set", label=_("Set")),
    ]
    list_filter: ClassVar[list[str]] = ["set", "strength"]
    search_fields: ClassVar[list[str]] = ["code", "text"]


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[ModelViewSet]:
    return [LegalSources(), Indicators()]
