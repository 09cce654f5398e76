"""The account page of /cms/: what authors may set there themselves.

Names and addresses are entered by agencies, no letter goes out past our own queue, and nobody is shown by a picture:
panels for them would save nothing.
"""

from typing import Any

from wagtail.admin.views import account


class AccountView(account.AccountView):
    shown = (account.LocaleSettingsPanel, account.ThemeSettingsPanel)

    def get_panels(self) -> list[Any]:
        return [panel for panel in super().get_panels() if isinstance(panel, self.shown)]
