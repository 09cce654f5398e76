"""allauth's adapter for our people.

Nobody signs up by themselves; after signing in everybody lands at home in the language they read, unless
they were on their way somewhere.
"""

import contextlib
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from locales.text import fold
from operations import clock, mail
from operations.addresses import client_address
from operations.notices import notify
from people.allauth_internals import consume
from people.models import AddressRequest, User
from people.reauthentication import proved_recently

from . import networks
from .devices import browser_of, greet
from .invitation_secrets import by_address, without_address


def _written_alike(login: str) -> str:
    """Return the same for every way of writing that finds the same account.

    A service number is found whatever its spaces, and PostgreSQL takes a small ı for an I.
    """
    return login.casefold() if "@" in login else " ".join(fold(login).split())


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The address, the number or the password is not right"),
        "too_many_login_attempts": _("Too many attempts. Wait a few minutes, then try again"),
        "enter_current_password": _("This is not your current password"),
        "incorrect_password": _("This is not your password"),
        "incorrect_code": _("This code is not right, or it is too old"),
    }

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Return whether to ask again; signing in lately is as good as being asked again."""
        return not proved_recently(context.request)

    def get_login_stages(self) -> list[str]:
        ours = {"allauth.account.stages.EmailVerificationStage": "accounts.stages.AddressStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or "127.0.0.1"  # a socket of this machine has none

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Return the key under which wrong passwords are counted: per account, whatever host name the
        request was sent to.

        Outsiders are counted apart from agencies, and a browser that knows the account by itself. `again`: who
        is signed in and asked again, under a key that nobody can type as a login.
        """
        if person := credentials.get("again"):
            return f"again:{person}"
        login = credentials.get("email", "")
        if known := self._known_browser(request, login):
            return f"browser {known}:{_written_alike(login)}"
        inside = networks.of_an_agency(self.get_client_ip(request))
        return f"{'agency' if inside else 'elsewhere'}:{_written_alike(login)}"

    def _known_browser(self, request: HttpRequest, login: str) -> str:
        """Return the name of a browser with which somebody signed in to this account before; "" for any other."""
        known: dict[str, str] = request.__dict__.setdefault("_known_browsers", {})  # asked thrice in one try
        if login not in known:
            browser = browser_of(request)
            people = () if browser is None else by_address(login) if "@" in login else without_address(login)
            known[login] = browser.name if browser and browser.knows(people) else ""
        return known[login]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        if not self._consume_outside(request, credentials, dry_run=True):
            raise self.validation_error("too_many_login_attempts")
        super().pre_authenticate(request, **credentials)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        self._consume_outside(request, credentials)

    def _consume_outside(
        self, request: HttpRequest, credentials: dict[str, Any], *, dry_run: bool = False
    ) -> bool:
        """Return False where an address outside the named networks has sent too many wrong passwords, from
        browsers that did not know their accounts.
        """
        if networks.of_an_agency(self.get_client_ip(request)):
            return True
        if self._known_browser(request, credentials.get("email", "")):
            return True
        rates = {"outside_failed": networks.OUTSIDE_FAILED}
        return bool(consume(request, app="people", action="outside_failed", config=rates, dry_run=dry_run))

    def reauthenticate(self, user: User, password: str) -> bool:
        """Return whether it is the person's own password, counted like signing in; also for people without
        an address.
        """
        super().pre_authenticate(context.request, again=user.public_id)  # no stranger counts here
        right: bool = user.check_password(password)
        if right:
            self._rollback_login_failed_rl_usage()
        return right

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse | None:
        """Refuse systems as closed accounts are refused, by whatever way they come: password, passkey, provider."""
        if not user.may_sign_in:
            refusal: HttpResponse = self.respond_user_inactive(request, user)
            return refusal
        going_on: HttpResponse | None = super().pre_login(request, user, **more)
        return going_on

    def login(self, request: HttpRequest, user: User) -> None:
        request.first_time = user.last_login is None  # type: ignore[attr-defined]  # read a moment later
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **more)
        greet(request, response, user, first_time=getattr(request, "first_time", False))
        if not user.email and AddressRequest.open_for(user):  # no letter could ask
            text = _("Your agency entered an address for you. Confirm or decline it under My account.")
            messages.warning(request, text)
        return response

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Send allauth's letters about one's sign-in as our notices."""
        change = template_prefix.rpartition("/")[2]
        moment = str(clock.real_now().timestamp())
        notify(person=user, kind=f"accounts.{change}", subject_id=user.public_id, threshold=moment)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send the code that confirms an address; nothing else of allauth's is ever sent."""
        if not template_prefix.startswith("account/email/email_confirmation") or "code" not in context:
            return
        user = context.get("user")
        language = user.language if isinstance(user, User) else get_language() or "az"
        message = mail.letter(
            "accounts/mail/confirm_code.html", {"code": context["code"]}, subject=_("Confirm your address"), to=email,
            language=language, message_id=secrets.token_hex(16),
        )  # fmt: skip
        with contextlib.suppress(mail.MailRefused):  # whoever waits for the code can ask for another one
            mail.hand_over(message)
