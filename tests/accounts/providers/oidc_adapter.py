"""The claims of the provider about its people: claims.json in its folder, read at each question."""

import json
from typing import Any

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from django.conf import settings


class Adapter(DefaultOIDCAdapter):
    def get_claims(
        self, purpose: str, user: Any, client: Any, scopes: Any, email: Any = None, **kwargs: Any
    ) -> dict[str, Any]:
        """{user name: {claim: value, "only userinfo": {…}}} on top of what allauth says."""
        said = json.loads((settings.HERE / "claims.json").read_text()).get(user.username, {})
        only = said.pop("only userinfo", {})
        claims = super().get_claims(purpose, user, client, scopes, email=email, **kwargs)
        return {**claims, **said, **(only if purpose == "userinfo" else {})}
