"""Write the claims of the frozen decision or of its override, or the file of evidence, by the builders of today."""

import json
import sys

import django

django.setup()

from . import evidence, frozen  # noqa: E402 - models are there after the setup

MADE = {"receipt": frozen.claims, "override": frozen.override_claims, "evidence": evidence.made}
made = MADE[sys.argv[1] if sys.argv[1:] else "receipt"]()
sys.stdout.write(json.dumps(made, indent=1, ensure_ascii=False) + "\n")
