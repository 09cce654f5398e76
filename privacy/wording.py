"""Reasons for which an erasure is declined, in words for the person."""

from django.utils.translation import gettext_lazy as _

DECLINED = {
    "serving": _("You still serve. Your agency must be able to tell whether you may do a duty."),
    "inquiry": _("An inquiry is under way for which your record is needed."),
    "identity": _("We could not make sure that it was you who asked."),
    "law": _("A law asks us to keep your record for longer."),
}
