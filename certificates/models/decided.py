"""Conditions on both databases under which a decision of two is about the row that rests on it.

Each stands in a query of `operations_proposal`, before NEW is inserted. A merged record is the person it was merged into.
"""

from operations.constraints_by_proposal import named_in_payload

SUBJECT = "operations_proposal.subject_id"


def _owner(person: str) -> str:
    return (
        f"(SELECT COALESCE(owner.merged_into_id, owner.id) FROM people_user owner WHERE owner.id = {person})"
    )


def _qualification(version: str) -> str:
    kept = "certificates_qualificationversion"
    return f"(SELECT kept.qualification_id FROM {kept} kept WHERE kept.id = {version})"


def _certificate(known_by: str, *, person: str, qualification: str) -> str:
    """Return the condition that this public id is of a certificate of that person and qualification."""
    return (
        "EXISTS (SELECT 1 FROM certificates_certificate c JOIN certificates_award a ON a.id = c.award_id "
        f"WHERE c.public_id = {known_by} AND {_qualification('c.qualification_version_id')} = {qualification} "
        f"AND {_owner('a.person_id')} = {person})"
    )


def _of_certificate(key: str, column: str) -> str:
    kept = f"SELECT {column} FROM certificates_certificate kept_c JOIN certificates_award kept_a"
    return f"({kept} ON kept_a.id = kept_c.award_id WHERE kept_c.id = {key})"


READMISSION = _certificate(SUBJECT, person=_owner("NEW.person_id"), qualification="NEW.qualification_id")
REINSTATEMENT = _certificate(
    SUBJECT,
    person=_owner(_of_certificate("NEW.certificate_id", "kept_a.person_id")),
    qualification=_qualification(_of_certificate("NEW.certificate_id", "kept_c.qualification_version_id")),
)
END = f"{SUBJECT} = (SELECT q.public_id FROM certificates_qualification q WHERE q.id = NEW.qualification_id)"
KEEPING = named_in_payload(
    "(SELECT change.public_id FROM certificates_lawchange change WHERE change.id = NEW.change_id)"
)
# Recognised: the person, or a list of one qualification with the person on it. Corrected: a certificate of theirs.
_RECOGNISED = (
    "operations_proposal.act = 'certificates.recognise' AND EXISTS (SELECT 1 FROM people_user u "
    f"JOIN certificates_qualification q ON q.id = {_qualification('NEW.qualification_version_id')} "
    "WHERE (u.id = NEW.person_id OR u.merged_into_id = NEW.person_id) "
    f"AND {named_in_payload("'\"' || q.code || '\"'")} "
    f"AND ({SUBJECT} = u.public_id OR {SUBJECT} = q.public_id AND {named_in_payload('u.public_id')}))"
)
_CORRECTED = (
    "operations_proposal.act = 'certificates.correct' AND EXISTS (SELECT 1 FROM people_user u "
    f"WHERE u.public_id = {SUBJECT} AND {_owner('u.id')} = {_owner('NEW.person_id')}) AND "
) + _certificate(
    "substr(NEW.cause, 33, 22)",
    person=_owner("NEW.person_id"),
    qualification=_qualification("NEW.qualification_version_id"),
)
AWARD = f"({_RECOGNISED} OR {_CORRECTED})"
