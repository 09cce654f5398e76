"""Constraints that PostgreSQL and SQLite both enforce.

They are declared in `Meta.constraints`, so migrations, forms and both databases know them.
SQLite rebuilds a table for most alterations; what stands in `deferred_sql` as a Statement is
renamed with the table and runs after the rebuild, so the triggers come back by themselves.
Adding a nullable column does not rebuild: put RemoveConstraint and AddConstraint around it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table


class VendorConstraint(models.BaseConstraint):
    """A constraint written once per vendor: each method lists statements about `{table}`."""

    def postgresql_sql(self, model: type[models.Model]) -> list[str]:
        raise NotImplementedError

    def sqlite_sql(self, model: type[models.Model]) -> list[str]:
        raise NotImplementedError

    def statements(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> list[Statement]:
        per_vendor = {"postgresql": self.postgresql_sql, "sqlite": self.sqlite_sql}
        table = Table(model._meta.db_table, editor.quote_name)
        return [
            Statement(sql.replace("%", "%%").replace("{table}", "%(table)s"), table=table)
            for sql in per_vendor[editor.connection.vendor](model)
        ]

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        schema_editor.deferred_sql.extend(self.statements(model, schema_editor))
        return None  # nothing inside CREATE TABLE

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        # PostgreSQL only: SQLite rebuilds the table, which calls constraint_sql.
        return ";\n".join(map(str, self.statements(model, schema_editor)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash((type(self), self.name))


class NoOverlap(VendorConstraint):
    """No two rows of the same key, not withdrawn, are valid at the same instant.

    A key with a null in it never conflicts.
    """

    def __init__(self, *, fields: Sequence[str], name: str, **kwargs: Any) -> None:
        self.fields = tuple(fields)
        super().__init__(name=name, **kwargs)

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "fields": self.fields}

    def postgresql_sql(self, model: type[models.Model]) -> list[str]:
        # Booleans have no gist operator class: compared as integers.
        keys = ", ".join(f"{expression} WITH =" for expression in self._postgresql_keys(model))
        return [
            "CREATE EXTENSION IF NOT EXISTS btree_gist",
            f'ALTER TABLE {{table}} ADD CONSTRAINT "{self.name}" EXCLUDE USING gist '
            f'({keys}, tstzrange("valid_from", "valid_to") WITH &&) '
            f'WHERE ("withdrawn_at" IS NULL)',
        ]

    def _postgresql_keys(self, model: type[models.Model]) -> list[str]:
        return [
            f'("{field.column}"::int)' if isinstance(field, models.BooleanField) else f'"{field.column}"'
            for field in (model._meta.get_field(name) for name in self.fields)
            if isinstance(field, models.Field)
        ]

    def sqlite_sql(self, model: type[models.Model]) -> list[str]:
        keys = " AND ".join(f'"{column}" = NEW."{column}"' for column in columns(model, self.fields))
        pk = model._meta.pk.column
        # `valid_to` is compared only where it is not null: a text default would be cast to a number.
        return [
            f'CREATE TRIGGER "{self.name}_{event.lower()}" BEFORE {event} ON {{table}} '
            f'WHEN NEW."withdrawn_at" IS NULL AND EXISTS (SELECT 1 FROM {{table}} WHERE {keys} '
            f'AND "withdrawn_at" IS NULL{other} '
            f'AND (NEW."valid_to" IS NULL OR "valid_from" < NEW."valid_to") '
            f'AND ("valid_to" IS NULL OR NEW."valid_from" < "valid_to")) '
            f"BEGIN SELECT RAISE(ABORT, '{self.name}'); END"
            for event, other in (("INSERT", ""), ("UPDATE", f' AND "{pk}" <> OLD."{pk}"'))
        ]

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        table = schema_editor.quote_name(model._meta.db_table)
        return f'ALTER TABLE {table} DROP CONSTRAINT "{self.name}"'

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: Any = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        row: Any = instance
        key = {field: getattr(row, field) for field in self.fields}
        if row.withdrawn_at is not None or None in key.values() or set(key) & set(exclude or ()):
            return
        rows = (
            model._default_manager.using(using)
            .exclude(pk=row.pk)
            .filter(models.Q(valid_to=None) | models.Q(valid_to__gt=row.valid_from), withdrawn_at=None, **key)
        )
        if row.valid_to is not None:
            rows = rows.filter(valid_from__lt=row.valid_to)
        if rows.exists():
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)


class NeverDeleted(VendorConstraint):
    """Rows stay: neither one by one, which the trigger of a row refuses, nor all at once.

    PostgreSQL's TRUNCATE asks no trigger of a row. SQLite's REPLACE asks that of DELETE only where `recursive_triggers` is
    on, as in the settings; so its INSERT is refused where the table holds one of its unique values. That refuses
    `ON CONFLICT DO NOTHING` too, and knows no unique index with a condition.
    """

    def replace_sql(self, model: type[models.Model]) -> str:
        there = " OR ".join(
            "EXISTS (SELECT 1 FROM {table} WHERE " + " AND ".join(f'"{c}" = NEW."{c}"' for c in key) + ")"
            for key in unique_keys(model)
        )
        return (
            f'CREATE TRIGGER "{self.name}_replace" BEFORE INSERT ON {{table}} '
            f"WHEN {there} BEGIN SELECT RAISE(ABORT, '{self.name}'); END"
        )

    def truncate_sql(self, function: str) -> str:
        return (
            f'CREATE TRIGGER "{self.name}_truncate" BEFORE TRUNCATE ON {{table}} '
            f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
        )

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        table = schema_editor.quote_name(model._meta.db_table)
        return f'DROP TRIGGER "{self.name}" ON {table}; DROP TRIGGER "{self.name}_truncate" ON {table}'


class AppendOnly(NeverDeleted):
    """Rows are never deleted nor changed.

    `once`: columns that one update may fill together, from all null.
    `erasable`: columns that may become null (erasure of personal data), and nothing else.
    `later`: instants that may be put off while nothing of `once` is filled; never earlier, nor from or to null.
    `newer`: a key that may be filled, and then only give way to that of a newer row; `follow`: columns that change
    along with it and never else.
    """

    def __init__(
        self,
        *,
        name: str,
        once: Sequence[str] = (),
        erasable: Sequence[str] = (),
        later: Sequence[str] = (),
        newer: str = "",
        follow: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        self.once, self.erasable, self.later = tuple(once), tuple(erasable), tuple(later)
        self.newer, self.follow = newer, tuple(follow)
        super().__init__(name=name, **kwargs)

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        more = {"later": self.later, "newer": self.newer, "follow": self.follow}
        said = {name: value for name, value in more.items() if value}
        return path, args, {**kwargs, "once": self.once, "erasable": self.erasable, **said}

    def _moving(self, model: type[models.Model]) -> list[str]:
        """Return the columns that change only along with a newer key, that key first."""
        return columns(model, (self.newer, *self.follow)) if self.newer else []

    def postgresql_sql(self, model: type[models.Model]) -> list[str]:
        kinds = [columns(model, fields) for fields in (self.once, self.erasable, self.later)]
        arguments = ", ".join("'{" + ",".join(names) + "}'" for names in (*kinds, self._moving(model)))
        return [
            POSTGRESQL_APPEND_ONLY,
            f'CREATE TRIGGER "{self.name}" BEFORE UPDATE OR DELETE ON {{table}} '
            f"FOR EACH ROW EXECUTE FUNCTION append_only({arguments})",
            self.truncate_sql("append_only"),
        ]

    def sqlite_sql(self, model: type[models.Model]) -> list[str]:
        once, erasable, later = (columns(model, names) for names in (self.once, self.erasable, self.later))
        every = columns(model, (field.name for field in model._meta.local_concrete_fields))
        moving = self._moving(model)
        fixed = [column for column in sorted(every) if column not in (*once, *erasable, *later, *moving)]
        unset = " AND ".join(f'OLD."{column}" IS NULL' for column in once) or "TRUE"
        allowed = [
            *(f'NEW."{column}" IS OLD."{column}"' for column in fixed),
            *(f'(NEW."{c}" IS NULL OR NEW."{c}" IS OLD."{c}")' for c in erasable),
            # a comparison with null is null: COALESCE, or the whole condition would let it pass
            *(
                f'COALESCE(NEW."{c}" IS OLD."{c}" OR (NEW."{c}" > OLD."{c}" AND {unset}), FALSE)'
                for c in later
            ),
        ]
        if moving:
            key = moving[0]
            moved = f'COALESCE(OLD."{key}" IS NULL AND NEW."{key}" IS NOT NULL OR NEW."{key}" > OLD."{key}", FALSE)'
            same = " AND ".join(f'NEW."{column}" IS OLD."{column}"' for column in moving)
            allowed.append(f"({moved} OR ({same}))")
        if once:
            kept = " AND ".join(f'NEW."{column}" IS OLD."{column}"' for column in once)
            allowed.append(f"(({unset}) OR ({kept}))")
        refuse = f"BEGIN SELECT RAISE(ABORT, '{self.name}'); END"
        return [
            f'CREATE TRIGGER "{self.name}_update" BEFORE UPDATE ON {{table}} '
            f"WHEN NOT ({' AND '.join(allowed)}) {refuse}",
            f'CREATE TRIGGER "{self.name}_delete" BEFORE DELETE ON {{table}} {refuse}',
            self.replace_sql(model),
        ]

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Check nothing: forms make new rows, and the database refuses the rest."""


class ChangesWith(NeverDeleted):
    """Rows are never deleted; the columns of `follow` change only where `key` changes too, those of `fixed` never.

    For what is signed in one column and stands beside it in others.
    """

    def __init__(
        self, *, name: str, key: str, follow: Sequence[str], fixed: Sequence[str] = (), **kwargs: Any
    ) -> None:
        self.key, self.follow, self.fixed = key, tuple(follow), tuple(fixed)
        super().__init__(name=name, **kwargs)

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "key": self.key, "follow": self.follow, "fixed": self.fixed}

    def postgresql_sql(self, model: type[models.Model]) -> list[str]:
        kinds = [columns(model, names) for names in ((self.key,), self.follow, self.fixed)]
        arguments = ", ".join("'{" + ",".join(names) + "}'" for names in kinds)
        return [
            POSTGRESQL_CHANGES_WITH,
            f'CREATE TRIGGER "{self.name}" BEFORE UPDATE OR DELETE ON {{table}} '
            f"FOR EACH ROW EXECUTE FUNCTION changes_with({arguments})",
            self.truncate_sql("changes_with"),
        ]

    def sqlite_sql(self, model: type[models.Model]) -> list[str]:
        (key,) = columns(model, [self.key])
        follow, fixed = columns(model, self.follow), columns(model, self.fixed)
        same = " AND ".join(f'NEW."{column}" IS OLD."{column}"' for column in follow)
        allowed = [f'NEW."{column}" IS OLD."{column}"' for column in fixed]
        allowed.append(f'(NEW."{key}" IS NOT OLD."{key}" OR ({same}))')
        refuse = f"BEGIN SELECT RAISE(ABORT, '{self.name}'); END"
        return [
            f'CREATE TRIGGER "{self.name}_update" BEFORE UPDATE ON {{table}} '
            f"WHEN NOT ({' AND '.join(allowed)}) {refuse}",
            f'CREATE TRIGGER "{self.name}_delete" BEFORE DELETE ON {{table}} {refuse}',
            self.replace_sql(model),
        ]

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Check nothing: no form edits such rows."""


def columns(model: type[models.Model], fields: Iterable[str]) -> list[str]:
    options: Any = model._meta
    return [options.get_field(field).column for field in fields]


def unique_keys(model: type[models.Model]) -> list[list[str]]:
    """Return the columns of each value, or of several together, that stands once in the table."""
    options: Any = model._meta
    alone = [[field.column] for field in options.local_concrete_fields if field.unique]
    together = [
        columns(model, each.fields)
        for each in options.constraints
        if isinstance(each, models.UniqueConstraint) and each.condition is None
    ]
    return sorted([*alone, *together])  # whichever migration added what


POSTGRESQL_APPEND_ONLY = """
CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    once text[] := TG_ARGV[0];
    erasable text[] := TG_ARGV[1];
    later text[] := TG_ARGV[2];
    moving text[] := TG_ARGV[3];
    old_row jsonb := to_jsonb(OLD);
    new_row jsonb;
    filled boolean;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        new_row := to_jsonb(NEW);
        filled := EXISTS (SELECT FROM unnest(once) c WHERE old_row ->> c IS NOT NULL);
        IF new_row - once - erasable - later - moving = old_row - once - erasable - later - moving
            AND NOT EXISTS (SELECT FROM unnest(erasable) c
                            WHERE new_row ->> c IS NOT NULL AND new_row -> c <> old_row -> c)
            AND NOT (filled AND EXISTS (SELECT FROM unnest(once) c
                                        WHERE new_row -> c <> old_row -> c))
            AND NOT EXISTS (SELECT FROM unnest(later) c
                            WHERE new_row -> c <> old_row -> c
                            AND (filled OR ((new_row ->> c)::timestamptz > (old_row ->> c)::timestamptz) IS NOT TRUE))
            AND (COALESCE(old_row ->> moving[1] IS NULL AND new_row ->> moving[1] IS NOT NULL
                          OR (new_row ->> moving[1])::bigint > (old_row ->> moving[1])::bigint, false)
                 OR NOT EXISTS (SELECT FROM unnest(moving) c WHERE new_row -> c <> old_row -> c))
        THEN RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '%: rows of % are not changed or deleted', TG_NAME, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
END $$""".strip()

POSTGRESQL_CHANGES_WITH = """
CREATE OR REPLACE FUNCTION changes_with() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    key text[] := TG_ARGV[0];
    follow text[] := TG_ARGV[1];
    fixed text[] := TG_ARGV[2];
    old_row jsonb := to_jsonb(OLD);
    new_row jsonb;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        new_row := to_jsonb(NEW);
        IF NOT EXISTS (SELECT FROM unnest(fixed) c WHERE new_row -> c IS DISTINCT FROM old_row -> c)
            AND (new_row -> key[1] IS DISTINCT FROM old_row -> key[1]
                 OR NOT EXISTS (SELECT FROM unnest(follow) c WHERE new_row -> c IS DISTINCT FROM old_row -> c))
        THEN RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '%: what is signed in rows of % changes as a whole', TG_NAME, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
END $$""".strip()
