"""Таир finds Tahir, Навруз finds Novruz … : the keys that such names get since then, for people entered before."""

import re

from django.db import migrations, transaction
from django.db.models import Q

BATCH = 1000
# Some name has the key, and gets the other one too: as locales.spelling makes them since then.
MORE = (
    (re.compile("^dakir"), "dar"),
    (re.compile("^nivriz"), "navriz"),
    (re.compile("^alakv"), "alav"),
    (re.compile("ila$"), "ilak"),
)
CONCERNED = (
    Q(folded_name__contains="teymur")
    | Q(sound_name__contains=" dakir")
    | Q(sound_name__contains=" nivriz")
    | Q(sound_name__contains=" alakv")
    | Q(sound_name__contains="ila ")
    | Q(sound_name__endswith="ila")
)


def with_more(keys, folded_name):
    found = keys.split()
    for pattern, other in MORE:
        found += [pattern.sub(other, key) for key in found if pattern.search(key)]
    if "teymur" in folded_name:
        found += [f"dimir{key.removeprefix('damir')}" for key in found if key.startswith("damir")]
    text = "".join(f" {key}" for key in dict.fromkeys(found))
    return text if len(text) <= 1000 else text[:1001].rpartition(" ")[0]


def fill(apps, schema_editor):
    """A thousand people at a time: nobody waits for all of them."""
    User = apps.get_model("people", "User")
    statement = "UPDATE people_user SET sound_name = %s WHERE id = %s"
    last = 0
    while found := list(User.objects.filter(CONCERNED, pk__gt=last).order_by("pk")[:BATCH]):
        rows = [[with_more(person.sound_name, person.folded_name), person.pk] for person in found]
        with transaction.atomic(), schema_editor.connection.cursor() as cursor:
            cursor.executemany(statement, rows)
        last = found[-1].pk


class Migration(migrations.Migration):
    atomic = False  # what was filled stays filled, whatever stops it

    dependencies = [("people", "0012_reason_erasable")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
