"""`make demo-code`: the code of the second step that the demo's accounts ask for now."""

import base64
import hmac
import json
import sys
import time

from . import place

PERIOD = 30  # seconds


def code_at(secret: str, moment: float) -> str:
    """Six figures after RFC 6238, as an app shows them."""
    counter = int(moment) // PERIOD
    digest = hmac.digest(base64.b32decode(secret), counter.to_bytes(8, "big"), "sha1")
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


def main() -> None:
    kept = place.folder() / "demo" / "totp-secret"
    if not kept.exists():
        sys.exit("nisane: there is no demo here yet; start it with: make demo")
    now = time.time()
    print(f"{code_at(json.loads(kept.read_text()), now)}  (right for {PERIOD - int(now) % PERIOD} s more)")


if __name__ == "__main__":
    main()
