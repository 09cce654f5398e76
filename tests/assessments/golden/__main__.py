"""Write what the frozen attempt is worth by the formulas of today."""

import json
import sys

from . import worth

sys.stdout.write(json.dumps(worth(), indent=1, ensure_ascii=False) + "\n")
