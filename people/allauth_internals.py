"""Parts of allauth that it does not promise to keep: the one place where they are imported.

It stands in `people`, the leftmost app that needs it; `accounts` and `elearning` import it from here. Where
another version of allauth is installed, read these names in it again, then change READ_AGAINST:

| name | what we rest on |
|---|---|
| record_authentication | appends {"method", "at", …} to the session's records of this user |
| consume | counts in the cache by `config`; false where no more is allowed; `dry_run` counts nothing |
| TOTP.activate | keeps the secret encrypted as the user's authenticator of type "totp" |
| passkeys | parse_authentication_response, extract_user_from_response, complete_authentication: the steps of allauth's own form for signing in by a passkey |
| build_apps_from_settings | the providers of SOCIALACCOUNT_PROVIDERS by name, without the database |

`AccountAdapter._get_login_attempts_cache_key` (accounts/adapter.py) is overridden, not imported: allauth counts wrong
passwords under what it returns.
"""

from allauth.account.internal.flows.login import record_authentication
from allauth.core.internal.ratelimit import consume
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal import auth as passkeys
from allauth.socialaccount.adapter import _build_apps_from_settings as build_apps_from_settings

READ_AGAINST = "65.21.1"

__all__ = ["READ_AGAINST", "TOTP", "build_apps_from_settings", "consume", "passkeys", "record_authentication"]
