"""The network that a request comes from, as far as the configured proxies vouch for it; agencies' own
networks.

An agency's people share one address, and nobody outside may shut them out: inside the named networks wrong
passwords are counted apart from those that come from elsewhere, and an address elsewhere is slowed after few of
them, whoever they were tried for. Browsers that know the account are not: see `devices`.
"""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from django.conf import settings

OUTSIDE_FAILED = "20/m/ip,100/h/ip"  # wrong passwords from one address outside the named networks


@lru_cache(maxsize=8)
def _networks(named: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(name, strict=False) for name in named)


def of_an_agency(address: str) -> bool:
    """Return whether the address is in a network of NISANE_AGENCY_NETWORKS. Where none is named, none is."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in _networks(tuple(settings.AGENCY_NETWORKS)))
