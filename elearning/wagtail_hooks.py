"""The guide of trainers and reviewers, in the menu of /cms/."""

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem


@hooks.register("register_admin_menu_item")
def guide() -> MenuItem:
    """Return the way to the guide; its address is asked anew each time, in the language of who reads."""
    address = reverse_lazy("pages:guide", args=["trainers"])
    return MenuItem(_("Help"), address, name="guide", icon_name="help", order=10_000)
