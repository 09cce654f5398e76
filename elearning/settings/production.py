"""Production: what is missing or unsafe is named, and nothing starts."""

import os

from .checking import refuse_wrong

refuse_wrong(os.environ, production=True)

from .base import *  # noqa: F403, E402
