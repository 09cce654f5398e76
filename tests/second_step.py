"""Codes of the second step as somebody's app shows them."""

import time
from collections import defaultdict

from elearning.demo.code import PERIOD, code_at
from tests.running import until

_used: dict[str, set[str]] = defaultdict(set)


def fresh_code(account: dict[str, str]) -> str:
    """One that this account has not used: each opens once, and the ones beside it are right as well."""
    code = until(lambda: _unused(account), "a code of the second step that was not used", 2 * PERIOD)
    _used[account["email"]].add(code)
    return code


def _unused(account: dict[str, str]) -> str:
    now = time.time()
    codes = [code_at(account["totp_secret"], now + ahead) for ahead in (0, -PERIOD, PERIOD)]
    return next((code for code in codes if code not in _used[account["email"]]), "")
