"""The forms of signing in, in our words: labels, hints and what to do when something is missing.

What they check and change stays allauth's.
"""

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.core.validators import EmailValidator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.errands import send_reset_mail
from accounts.invitation_secrets import by_address
from accounts.passwords import LENGTH

EMAIL = _("E-mail address")
PASSWORD = _("Password")
WHOLE_ADDRESS = _("Enter the address in full, for example ad.soyad@qurum.example")


def say(field: forms.Field, label: StrOrPromise, missing: StrOrPromise, hint: StrOrPromise = "") -> None:
    """Puts our words on a field; a placeholder would vanish as soon as one types."""
    field.label = label
    field.help_text = hint
    field.error_messages["required"] = missing
    field.widget.attrs.pop("placeholder", None)


def _say_email(field: forms.Field, hint: StrOrPromise = "") -> None:
    say(field, EMAIL, _("Enter your e-mail address"), hint)
    field.error_messages["invalid"] = WHOLE_ADDRESS
    field.widget.attrs.update(autocomplete="email", spellcheck="false", inputmode="email")


def _say_new_passwords(form: forms.Form) -> None:
    say(form.fields["password1"], _("New password"), _("Enter a new password"), LENGTH)
    say(form.fields["password2"], _("New password, once more"), _("Enter the new password once more"))


class SignInForm(allauth_forms.LoginForm):
    """Sign in by e-mail address; who has none by service number."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(max_length=254)
        say(
            self.fields["login"],
            _("E-mail address"),
            _("Enter your e-mail address"),
            _("No address? Your service number"),
        )
        self.fields["login"].widget.attrs.update(
            autocomplete="username", spellcheck="false", autocapitalize="none"
        )
        self.order_fields(["login", "password"])
        say(self.fields["password"], PASSWORD, _("Enter your password"))

    def clean_login(self) -> str:
        login = str(self.cleaned_data["login"]).strip()
        if "@" in login:
            EmailValidator(message=WHOLE_ADDRESS)(login)
        return login

    def user_credentials(self) -> dict[str, Any]:
        return {"email": self.cleaned_data["login"], "password": self.cleaned_data.get("password")}

    def clean(self) -> dict[str, Any] | None:
        cleaned: dict[str, Any] | None = super().clean()
        if self.user is not None and not self.user.email:
            self._login.email = None  # what was typed is a number
        return cleaned


class AskResetForm(allauth_forms.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_email(self.fields["email"], _("The one your agency gave us"))

    def clean_email(self) -> str:
        """The same work for an address that nobody has."""
        email: str = self.cleaned_data["email"]
        self.person = next((one for one in by_address(email) if one.is_active), None)
        return email

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        send_reset_mail(self.person)
        email: str = self.cleaned_data["email"]
        return email


class ResetForm(allauth_forms.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_new_passwords(self)


class ChangeForm(allauth_forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self.fields["oldpassword"], _("Current password"), _("Enter your current password"))
        _say_new_passwords(self)


class SetForm(allauth_forms.SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_new_passwords(self)


class AskAgainForm(allauth_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self.fields["password"], PASSWORD, _("Enter your password"))


class EmailCodeForm(allauth_forms.ConfirmEmailVerificationCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self.fields["code"], _("Code from the e-mail"), _("Enter the code from the e-mail"))
        self.fields["code"].widget.attrs.update({"class": "code", "spellcheck": "false"})
