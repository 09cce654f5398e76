"""Codes of the second step as somebody's app shows them."""

import time
from collections import defaultdict

from elearning.demo.code import PERIOD, code_at

_used: dict[str, set[str]] = defaultdict(set)


def fresh_code(account: dict[str, str]) -> str:
    """One that this account has not used: each opens once, and the ones beside it are right as well."""
    while True:
        now = time.time()
        for moment in (now, now - PERIOD, now + PERIOD):
            code = code_at(account["totp_secret"], moment)
            if code not in _used[account["email"]]:
                _used[account["email"]].add(code)
                return code
        time.sleep(1)
