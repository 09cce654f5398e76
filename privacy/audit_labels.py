"""Names, in the audit trail, of what privacy does."""

from django.utils.translation import gettext_lazy

from audit.values import name_values
from operations.trail import name_acts, name_reasons

from .models import ABOUT, CorrectionRequest
from .wording import DECLINED

name_acts(
    {
        "privacy.ask_correction": gettext_lazy("Correction asked for"),
        "privacy.withdraw_correction": gettext_lazy("Request for a correction withdrawn"),
        "privacy.answer_correction": gettext_lazy("Request for a correction answered"),
        "privacy.propose_erasure": gettext_lazy("Erasure asked for"),
        "privacy.withdraw_erasure": gettext_lazy("Request for erasure withdrawn"),
        "privacy.confirm_erasure": gettext_lazy("Erasure confirmed"),
        "privacy.decline_erasure": gettext_lazy("Erasure declined"),
        "privacy.erase": gettext_lazy("Personal data erased"),
        "privacy.export_my_data": gettext_lazy("Own data gathered"),
        "operations.retention": gettext_lazy("Data whose period ended was deleted"),
        "operations.sweep_files": gettext_lazy("Files that no record names were deleted"),
    }
)
name_reasons(
    (
        "privacy.propose_erasure",
        "privacy.confirm_erasure",
        "privacy.withdraw_erasure",
        "privacy.decline_erasure",
        "privacy.erase",
    ),
    {
        "own-wish": gettext_lazy("at the person's own wish"),
        "on-paper": gettext_lazy("on paper"),
        **DECLINED,
    },
)
name_values("about", ABOUT)
name_values("outcome", dict(CorrectionRequest.Outcome.choices))
