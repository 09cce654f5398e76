"""Constraints that ask whether two people decided: their triggers look into the table of proposals.

SQLite cannot remake a table that a trigger of another table names, so no migration makes these: `operations/apps.py`
drops them before the tables change and makes them again afterwards, from what the models declare then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db import connections, models
from django.db.backends.ddl_references import Statement

from .constraints import VendorConstraint, columns

PROPOSALS = "operations_proposal"
REFUSED = {
    "sqlite": "BEGIN SELECT RAISE(ABORT, '{name}'); END",
    "postgresql": """
CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {refused} THEN
        RAISE EXCEPTION '%: two people decide this about rows of %', TG_NAME, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
END $$""".strip(),
}


def named_in_payload(text: str) -> str:
    """Return the condition that the payload of the proposal holds a public id."""
    payload = f"CAST({PROPOSALS}.payload AS text)"
    return f"REPLACE({payload}, {text}, '') <> {payload}"


class ByProposal(VendorConstraint):
    """A condition under which a row is refused, before one act on it."""

    def before(self, model: type[models.Model]) -> str:
        """Return the act: INSERT, or UPDATE OF columns."""
        raise NotImplementedError

    def refused(self, model: type[models.Model], *, payload: str, differs: str) -> str:
        """Return the condition. `payload`: a value of a proposal's, by `{key}`; `differs`: what compares nulls too."""
        raise NotImplementedError

    def postgresql_sql(self, model: type[models.Model]) -> list[str]:
        refused = self.refused(model, payload="\"payload\" ->> '{key}'", differs="IS DISTINCT FROM")
        return [
            REFUSED["postgresql"].format(name=self.name, refused=refused),
            f'CREATE OR REPLACE TRIGGER "{self.name}" BEFORE {self.before(model)} ON {{table}} '
            f'FOR EACH ROW EXECUTE FUNCTION "{self.name}"()',
        ]

    def sqlite_sql(self, model: type[models.Model]) -> list[str]:
        refused = self.refused(model, payload="json_extract(\"payload\", '$.{key}')", differs="IS NOT")
        act = self.before(model)
        return [
            f'CREATE TRIGGER "{self.name}_{act.split()[0].lower()}" BEFORE {act} ON {{table}} '
            f"WHEN {refused} {REFUSED['sqlite'].format(name=self.name)}"
        ]

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        return None

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        return ""

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        table = schema_editor.quote_name(model._meta.db_table)
        return f'DROP TRIGGER IF EXISTS "{self.name}" ON {table}'

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Check nothing: no form makes such rows."""


class ConfirmedRow(ByProposal):
    """A row in which one column says `where`, or every row, needs a confirmed proposal of `act`: `proposal` is its
    foreign key. `about`: a condition of both databases, with NEW and operations_proposal, that it is about this row.
    """

    def __init__(
        self,
        *,
        name: str,
        proposal: str,
        act: str,
        about: str,
        where: tuple[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.where, self.proposal, self.act, self.about = (
            tuple(where) if where else None,
            proposal,
            act,
            about,
        )
        super().__init__(name=name, **kwargs)

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        own = {"where": self.where, "proposal": self.proposal, "act": self.act, "about": self.about}
        return path, args, {**kwargs, **own}

    def before(self, model: type[models.Model]) -> str:
        return "INSERT"

    def refused(self, model: type[models.Model], *, payload: str, differs: str) -> str:
        [proposal] = columns(model, (self.proposal,))
        confirmed = (
            f'SELECT 1 FROM "{PROPOSALS}" WHERE "id" = NEW."{proposal}" AND "act" = \'{self.act}\' '
            f"AND \"outcome\" = 'confirmed' AND {self.about}"
        )
        if self.where is None:
            return f"NOT EXISTS ({confirmed})"
        [column] = columns(model, (self.where[0],))
        return f"NEW.\"{column}\" = '{self.where[1]}' AND NOT EXISTS ({confirmed})"


class ConfirmedCause(ByProposal):
    """A row whose text column begins with "proposal:" names there, by its public id, a confirmed proposal of one of `acts`
    that is `about` this row.
    """

    def __init__(self, *, name: str, cause: str, acts: Sequence[str], about: str, **kwargs: Any) -> None:
        self.cause, self.acts, self.about = cause, tuple(acts), about
        super().__init__(name=name, **kwargs)

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "cause": self.cause, "acts": self.acts, "about": self.about}

    def before(self, model: type[models.Model]) -> str:
        return "INSERT"

    def refused(self, model: type[models.Model], *, payload: str, differs: str) -> str:
        [cause] = columns(model, (self.cause,))
        acts = ", ".join(f"'{act}'" for act in self.acts)
        confirmed = (
            f'SELECT 1 FROM "{PROPOSALS}" WHERE "public_id" = substr(NEW."{cause}", 10, 22) '
            f'AND "act" IN ({acts}) AND "outcome" = \'confirmed\' AND {self.about}'
        )
        return f"substr(NEW.\"{cause}\", 1, 9) = 'proposal:' AND NOT EXISTS ({confirmed})"


class ConfirmedLink(ByProposal):
    """`field`, a foreign key to the same table, is filled once, together with `along`, where a confirmed proposal of
    `act` says so: its subject is the row pointed at, its payload names this one under `payload`, both by `known_by`.

    Afterwards it changes only to follow the row it points at, where that one points at another.
    """

    def __init__(
        self,
        *,
        name: str,
        field: str,
        along: Sequence[str],
        act: str,
        payload: str,
        known_by: str,
        **kwargs: Any,
    ) -> None:
        self.field, self.along = field, tuple(along)
        self.act, self.payload, self.known_by = act, payload, known_by
        super().__init__(name=name, **kwargs)

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        own = {"field": self.field, "along": self.along, "act": self.act}
        return path, args, {**kwargs, **own, "payload": self.payload, "known_by": self.known_by}

    def before(self, model: type[models.Model]) -> str:
        return "UPDATE OF " + ", ".join(f'"{column}"' for column in columns(model, (self.field, *self.along)))

    def refused(self, model: type[models.Model], *, payload: str, differs: str) -> str:
        link, known_by, *along = columns(model, (self.field, self.known_by, *self.along))
        pk = model._meta.pk.column
        moved = " OR ".join(f'NEW."{column}" {differs} OLD."{column}"' for column in along)
        empty = " AND ".join(f'OLD."{column}" IS NULL' for column in (link, *along))
        filled = " AND ".join(f'NEW."{column}" IS NOT NULL' for column in (link, *along))
        decided = (
            f'SELECT 1 FROM "{PROPOSALS}" JOIN {{table}} aim ON aim."{known_by}" = "subject_id" '
            f'WHERE aim."{pk}" = NEW."{link}" AND "act" = \'{self.act}\' AND "outcome" = \'confirmed\' '
            f'AND {payload.replace("{key}", self.payload)} = OLD."{known_by}"'
        )
        follows = (
            f'SELECT 1 FROM {{table}} aim WHERE aim."{pk}" = OLD."{link}" AND aim."{link}" = NEW."{link}"'
        )
        return (
            f'(NEW."{link}" {differs} OLD."{link}" OR {moved}) '
            f"AND NOT ({empty} AND {filled} AND EXISTS ({decided})) "
            f"AND NOT (NOT ({moved}) AND EXISTS ({follows}))"
        )


def declared() -> Iterator[tuple[type[models.Model], ByProposal]]:
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if isinstance(constraint, ByProposal):
                yield model, constraint


def drop_triggers(using: str) -> None:
    """On SQLite; PostgreSQL lets the tables change below them."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for model, constraint in declared():
                for statement in _statements(model, constraint, using):
                    name = str(statement).split('"')[1]
                    cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"')


def make_triggers(using: str) -> None:
    """As the models declare them, on the tables there are."""
    drop_triggers(using)
    connection = connections[using]
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for model, constraint in declared():
            if model._meta.db_table in tables:
                for statement in _statements(model, constraint, using):
                    cursor.execute(str(statement))


def _statements(model: type[models.Model], constraint: ByProposal, using: str) -> list[Statement]:
    connection = connections[using]
    return constraint.statements(model, connection.SchemaEditorClass(connection, collect_sql=True))
