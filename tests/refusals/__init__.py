"""The table of who gets what at the addresses of the product: the rows, by subject, and the words they are written in."""

from collections.abc import Mapping

ACTORS = (
    "visitor", "officer", "officer2", "outsider", "trainer", "reviewer", "assessor", "coordinator", "coordinator_other",
    "duty_officer", "duty_officer_other", "registrar", "registrar2", "auditor", "admin",
)  # fmt: skip
SIGN_IN, CMS_SIGN_IN = "→ account_login", "→ cms_sign_in"

# An outcome is a status, or where a redirect leads. "*" is everybody who is not named.
type Outcomes = Mapping[str, str]

EVERYBODY: Outcomes = {"*": "200"}
NOBODY: Outcomes = {"*": "405"}
NOTHING: Outcomes = {"*": "404"}
SIGNED_IN: Outcomes = {"visitor": SIGN_IN, "*": "200"}
ASKERS = "coordinator coordinator_other duty_officer duty_officer_other"
OVERRIDES_SEEN = "coordinator coordinator_other auditor"
REGISTER = "registrar registrar2 auditor"


def led_to(page: str) -> Outcomes:
    """A GET of what is posted from this page."""
    return {"*": f"→ {page}"}


def only(who: str, gets: str = "200", others: str = "403") -> Outcomes:
    return {"visitor": SIGN_IN, who: gets, "*": others}


TWO = "admin registrar registrar2"
HOLDERS_SEEN = f"{TWO} auditor coordinator coordinator_other"
OF_THE_AGENCY = {**only("admin auditor coordinator"), "registrar registrar2 coordinator_other": "404"}
HIS, HIS_FILE = only("officer"), only("officer", others="404")
RESULT, FEEDBACK = only("officer", "→ clearance:result"), only("officer", "→ assessments:feedback")
