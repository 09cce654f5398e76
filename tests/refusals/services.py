"""For everybody; learning; assessments; certificates; clearance."""

from . import (
    ASKERS,
    EVERYBODY,
    FEEDBACK,
    HIS,
    HIS_FILE,
    NOBODY,
    NOTHING,
    REGISTER,
    RESULT,
    SIGN_IN,
    SIGNED_IN,
    Outcomes,
    only,
)

EXTRA_TIME = "assessor coordinator coordinator_other"
OWN_PEOPLE: Outcomes = {**only("assessor coordinator"), "coordinator_other": "404"}
RULE_OWNERS: Outcomes = {"visitor": SIGN_IN, "*": "403"}

SERVICES: dict[str, tuple[Outcomes, Outcomes]] = {
    # for everybody
    "root": ({"*": "→ home"}, NOBODY),
    "home": (EVERYBODY, NOBODY),
    "pages:help": (EVERYBODY, NOBODY),
    "pages:privacy": (EVERYBODY, NOBODY),
    "pages:accessibility": (EVERYBODY, NOBODY),
    "courses:catalog": (EVERYBODY, NOBODY),
    "courses:course": (EVERYBODY, NOBODY),
    "courses:module": ({"*": "→ courses:course"}, NOBODY),
    "certificates_public:certificate": (EVERYBODY, NOBODY),
    "certificates_public:statement": (EVERYBODY, NOBODY),
    "certificates_public:credential": (NOBODY, NOTHING),  # without the token of the QR code
    "certificates_public:verify": (EVERYBODY, EVERYBODY),
    "certificates_public:status_list": (EVERYBODY, NOBODY),
    "certificates_public:did": (EVERYBODY, NOBODY),
    "clearance_public:receipt": (EVERYBODY, NOBODY),
    "clearance_public:receipt_json": (EVERYBODY, NOBODY),
    "clearance_public:receipt_bytes": (EVERYBODY, NOBODY),
    "clearance_public:receipt_qr": (EVERYBODY, NOBODY),
    "operations_public:livez": (EVERYBODY, EVERYBODY),
    "operations_public:readyz": ({"*": "503"}, {"*": "503"}),  # no worker runs here
    # learning
    "standards:glossary": (EVERYBODY, NOBODY),
    "courses:enrol": (
        {"visitor": SIGN_IN, "*": "→ courses:course"},
        only("officer officer2", "→ courses:lesson"),
    ),
    "courses:field_sheet": ({"visitor": SIGN_IN, "*": "404"}, NOBODY),  # the course has none
    "courses:field_sheet_pdf": ({"visitor": SIGN_IN, "*": "404"}, NOBODY),
    "courses:lesson": (HIS, HIS),
    "courses:picture": ({"visitor": SIGN_IN, "officer": "404", "*": "403"}, NOBODY),  # the lesson has none
    "courses:read": (NOBODY, only("officer", "→ courses:lesson", "404")),
    "courses:start": (NOBODY, only("officer", "→ courses:lesson", "404")),  # passed: back, with words
    "wagtail_serve": (NOTHING, NOTHING),  # nothing is published so deep
    "wagtailcore_authenticate_with_password": (NOTHING, NOTHING),
    "wagtailcore_login": (NOTHING, NOBODY),
    # assessments
    "assessments:attempt open": (HIS, NOBODY),
    "assessments:attempt closed": (FEEDBACK, NOBODY),
    "assessments:attempt exam": (RESULT, NOBODY),
    "assessments:stage open": (HIS, only("officer", "→ assessments:stage")),
    "assessments:stage closed": (FEEDBACK, only("officer", "409")),
    "assessments:stage exam": (RESULT, only("officer", "409")),
    "assessments:answers open": ({"visitor": "401", "*": "200"}, {"visitor": "401", "officer": "200", "*": "403"}),
    "assessments:answers closed": ({"visitor": "401", "*": "200"}, {"visitor": "401", "officer": "409", "*": "403"}),
    "assessments:close open": (HIS, HIS),
    "assessments:close closed": (FEEDBACK, FEEDBACK),
    "assessments:close exam": (RESULT, RESULT),
    "assessments:feedback open": (only("officer", "→ assessments:attempt"), NOBODY),
    "assessments:feedback closed": (HIS, NOBODY),
    "assessments:feedback exam": (RESULT, NOBODY),
    "clearance:result exam": (HIS, NOBODY),
    "assessments:make_appeal exam": (HIS, HIS),
    # appeals
    "assessor:appeals": (only("assessor"), NOBODY),
    "assessor:appeal appeal": (only("assessor"), NOBODY),
    "assessor:uphold appeal": (only("assessor"), only("assessor")),
    "assessor:annul appeal": (only("assessor"), only("assessor")),
    "assessor:appeal_answers appeal": (only("assessor"), only("assessor")),
    "assessor:appeal_proposal annulment": (only("assessor"), NOBODY),
    "assessor:decide_appeal annulment": (NOBODY, only("assessor", "→ assessor:appeal_proposal")),
    # releases and extra time: those of a coordinator's own agency
    "assessor:releases": (only("assessor"), only("assessor", "→ assessor:releases")),
    "assessor:release failed": (only("assessor"), only("assessor")),
    "assessor:withdraw release": (only("assessor"), only("assessor", "→ assessor:releases")),
    "assessor:extra_times": (only(EXTRA_TIME), only(EXTRA_TIME, "→ assessor:extra_times")),
    "assessor:extra_time person": (OWN_PEOPLE, OWN_PEOPLE),
    # certificates
    "certificates:mine": (SIGNED_IN, NOBODY),
    "certificates:document": (HIS_FILE, NOBODY),
    "certificates:credential": (HIS_FILE, NOBODY),
    "certificates:register": (only(REGISTER), only(REGISTER, "→ certificates:register")),
    "certificates:export": (NOBODY, only(REGISTER)),
    "certificates:proposals": (only(REGISTER), NOBODY),
    "certificates:proposal proposal": (only(REGISTER), NOBODY),
    "certificates:decide proposal": (NOBODY, only("registrar2", "→ certificates:proposal")),
    "certificates:one": (only(REGISTER), only(REGISTER)),
    "certificates:doubts": (only(REGISTER), NOBODY),
    "certificates:leave_in_force doubt": (only("registrar registrar2"), only("registrar registrar2")),
    # what functions require; rule owners are none of those who try
    "clearance:requirements": (only("admin auditor"), NOBODY),
    "clearance:requirement function": (only("admin auditor"), NOBODY),
    "clearance:propose_requirement function": (RULE_OWNERS,) * 2,
    "clearance:requirement_proposal requirement": (RULE_OWNERS, NOBODY),
    "clearance:decide_requirement requirement": (NOBODY, RULE_OWNERS),
    # clearance: who asks for another agency finds nobody
    "clearance:desk": (
        only(ASKERS),
        {**only("coordinator duty_officer", "→ clearance:decision"), "coordinator_other duty_officer_other": "200"},
    ),
    "clearance:decisions": (only(ASKERS), NOBODY),
    "clearance:decisions_csv": (NOBODY, only(ASKERS)),
    "clearance:decision decision": (only("coordinator duty_officer auditor"), NOBODY),
}  # fmt: skip
