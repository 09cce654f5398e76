"""Requests to a provider of OpenID Connect."""

from typing import Any, cast

from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.core.cache import cache
from requests import RequestException

GOOD_FOR, LEFT_ALONE = 600, 15  # seconds
SILENT_STILL = "silent"


class OpenIDConnectAdapter(OpenIDConnectOAuth2Adapter):
    """As allauth's, but the id token's signature is checked however it came, and what the provider says of
    itself is asked for every some minutes; a silent one is left alone for a while: asking holds a worker up.
    """

    def get_access_token_data(self, *args: object, **kwargs: object) -> object:
        data = super().get_access_token_data(*args, **kwargs)
        self.did_fetch_access_token = False
        return data

    @property
    def openid_config(self) -> dict[str, Any]:
        key = f"sign_on:{self.get_provider().server_url}"
        kept = cache.get(key)
        if kept == SILENT_STILL:
            raise RequestException
        if kept is None:
            try:
                kept = super().openid_config
            except RequestException:
                cache.set(key, SILENT_STILL, LEFT_ALONE)
                raise
            cache.set(key, kept, GOOD_FOR)
        return cast(dict[str, Any], kept)
