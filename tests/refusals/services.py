"""For everybody; learning; assessments; certificates; clearance."""

from . import (
    ASKERS,
    EVERYBODY,
    FEEDBACK,
    HIS,
    HIS_FILE,
    NOBODY,
    NOTHING,
    OVERRIDES_SEEN,
    REGISTER,
    RESULT,
    SIGN_IN,
    SIGNED_IN,
    Outcomes,
    led_to,
    only,
)

READERS = "coordinator coordinator_other auditor"
EXTRA_TIME = "assessor coordinator coordinator_other"
OWN_PEOPLE: Outcomes = {**only("assessor coordinator"), "coordinator_other": "404"}
CORRECTING = "coordinator admin registrar registrar2"
RULE_OWNERS: Outcomes = {"visitor": SIGN_IN, "*": "403"}

SERVICES: dict[str, tuple[Outcomes, Outcomes]] = {
    # for everybody
    "root": ({"*": "→ home"}, NOBODY),
    "home": (EVERYBODY, NOBODY),
    "pages:help": (EVERYBODY, NOBODY),
    "pages:guide": (EVERYBODY, NOBODY),
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
    "certificates_public:agencies": (EVERYBODY, NOBODY),
    "clearance_public:receipt": (EVERYBODY, NOBODY),
    "clearance_public:receipt_json": (EVERYBODY, NOBODY),
    "clearance_public:receipt_bytes": (EVERYBODY, NOBODY),
    "clearance_public:receipt_qr": (EVERYBODY, NOBODY),
    "clearance_public:override_bytes overruled": (EVERYBODY, NOBODY),
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
    "assessor:decide_appeal annulment": (led_to("assessor:appeal_proposal"), only("assessor", "→ assessor:appeal_proposal")),
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
    "certificates:held": (HIS_FILE, NOBODY),
    "certificates:document_in": (HIS_FILE, NOBODY),
    "certificates:make_document": (NOBODY, only("officer", "→ certificates:held", "404")),
    "certificates:make_for_holder": (NOBODY, only("registrar registrar2", "→ certificates:one")),
    "certificates:take_document": (NOBODY, only("registrar registrar2")),
    "certificates:register": (only(REGISTER), only(REGISTER, "→ certificates:register")),
    "certificates:export": (NOBODY, only(REGISTER)),
    "certificates:proposals": (only(REGISTER), NOBODY),
    "certificates:proposal proposal": (only(REGISTER), NOBODY),
    "certificates:decide proposal": (led_to("certificates:proposal"), only("registrar2", "→ certificates:proposal")),
    "certificates:one": (only(REGISTER), NOBODY),
    "certificates:act": (only("registrar registrar2"), only("registrar registrar2")),
    "certificates:correct": ({**only(CORRECTING, others="404"), "auditor": "403"},) * 2,
    "certificates:correction new_name": (only(f"{CORRECTING} auditor", others="404"), NOBODY),
    "certificates:decide_correction new_name": (
        led_to("certificates:correction"),
        {
            **only("registrar2", "→ certificates:correction", "404"),
            "coordinator admin registrar auditor": "403",
        },
    ),
    "certificates:complain": (only("registrar registrar2"), only("registrar registrar2")),
    "certificates:to_answer": (only(REGISTER), NOBODY),
    "certificates:complaint complaint": (only(REGISTER), only("registrar2")),
    "certificates:appeal event_appeal": (only(REGISTER), only("registrar2")),
    "certificates:make_appeal event": (HIS_FILE, HIS_FILE),
    "certificates:recognise": (only("registrar registrar2"), only("registrar registrar2")),
    "certificates:recognise_one person": (only("registrar registrar2"), only("registrar registrar2")),
    "certificates:recognition recognition": (only(REGISTER), NOBODY),
    "certificates:decide_recognition recognition": (led_to("certificates:recognition"), only("registrar2", "→ certificates:recognition")),
    "certificates:doubts": (only(REGISTER), NOBODY),
    "certificates:leave_in_force doubt": (only("registrar registrar2"), only("registrar registrar2")),
    # what earns a qualification; rule owners are none of those who try
    "certificates:qualifications": (only("admin auditor registrar registrar2"), NOBODY),
    "certificates:qualification qualification": (only("admin auditor registrar registrar2"), NOBODY),
    "certificates:propose_rules qualification": (RULE_OWNERS,) * 2,
    "certificates:qualification_proposal new_rules": (RULE_OWNERS, NOBODY),
    "certificates:propose_end qualification": (RULE_OWNERS,) * 2,
    "certificates:propose_keeping qualification": (RULE_OWNERS,) * 2,
    "certificates:end_proposal end_of_older": (only("admin auditor registrar registrar2"), NOBODY),
    "certificates:decide_end end_of_older": (
        led_to("certificates:end_proposal"), {**only("registrar registrar2", "→ certificates:end_proposal")},
    ),
    "certificates:decide_rules new_rules": (led_to("certificates:qualification_proposal"), RULE_OWNERS),
    # what functions require; rule owners are none of those who try
    "clearance:requirements": (only("admin auditor"), NOBODY),
    "clearance:requirement function": (only("admin auditor"), NOBODY),
    "clearance:propose_requirement function": (RULE_OWNERS,) * 2,
    "clearance:add_function": (RULE_OWNERS,) * 2,
    "clearance:function_proposal new_function": (RULE_OWNERS, NOBODY),
    "clearance:decide_function new_function": (led_to("clearance:function_proposal"), RULE_OWNERS),
    "clearance:requirement_proposal requirement": (RULE_OWNERS, NOBODY),
    "clearance:decide_requirement requirement": (led_to("clearance:requirement_proposal"), RULE_OWNERS),
    # clearance: who asks for another agency finds nobody
    "clearance:desk": (
        only(ASKERS),
        {**only("coordinator duty_officer", "→ clearance:decision"), "coordinator_other duty_officer_other": "200"},
    ),
    "clearance:decisions": (only(f"{ASKERS} auditor"), only(f"{ASKERS} auditor", "→ clearance:decisions")),
    "clearance:decisions_export": (NOBODY, only(f"{ASKERS} auditor")),
    "clearance:evidence": (only(READERS), only(READERS)),
    "clearance:check_evidence": (only(READERS), only(READERS)),
    "clearance:past": (only(READERS), only(READERS)),
    "clearance:decision_figures": (only("auditor"), NOBODY),
    "clearance:staffing": (only("coordinator coordinator_other"), NOBODY),
    "clearance:staffing_of unit": ({**only("coordinator"), "coordinator_other": "404"},) * 2,
    "clearance:own_duty": (only("officer officer2"), only("officer officer2")),
    "clearance:enter_duty": (led_to("clearance:shift"), only(ASKERS)),  # the form again, with what was sent
    "clearance:shift": (only(ASKERS), only(ASKERS)),
    "clearance:take_shift": (led_to("clearance:shift"), only(ASKERS, "404")),
    "clearance:export_shift": (NOBODY, only(ASKERS)),
    "clearance:overrides": (only(OVERRIDES_SEEN), NOBODY),
    "clearance:override override": (
        {**only("coordinator auditor"), "coordinator_other": "404"},
        {**only("coordinator"), "coordinator_other": "404"},
    ),
    "clearance:override_decision decision": (only("nobody"), only("nobody")),  # none of them leads a shift
    "clearance:decision decision": (only("coordinator duty_officer auditor"), NOBODY),
    "clearance:paper decision": (only("coordinator duty_officer auditor"), NOBODY),
}  # fmt: skip
