"""Names, in the audit trail, of merging and taking over."""

from django.utils.translation import gettext_lazy

from operations.trail import name_acts

name_acts(
    {
        "merging.propose_merge": gettext_lazy("Merging of two records proposed"),
        "merging.merge": gettext_lazy("Two records merged"),
        "merging.decline_merge": gettext_lazy("Merging of two records declined"),
        "merging.withdraw_merge": gettext_lazy("Proposed merging withdrawn"),
        "merging.ask_take_over": gettext_lazy("Taking over from another agency asked for"),
        "merging.take_over": gettext_lazy("Taken over from another agency"),
        "merging.decline_take_over": gettext_lazy("Taking over from another agency declined"),
        "merging.withdraw_take_over": gettext_lazy("Request for taking over withdrawn"),
    }
)
