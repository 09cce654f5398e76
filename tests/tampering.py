"""Acts of somebody with the database's password: change a guarded row with the guards dropped."""

import sqlite3
from typing import Any

from django.db import connection, models


def tamper(row: models.Model, **changes: Any) -> None:
    manager = type(row)._base_manager.filter(pk=row.pk)
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        raw = connection.connection
        raw.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER, False)
        try:
            manager.update(**changes)
        finally:
            raw.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER, True)
        return
    table = connection.ops.quote_name(row._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for the commit would hold the table
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        manager.update(**changes)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
