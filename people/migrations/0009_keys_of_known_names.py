import people.models.person
from django.db import migrations, transaction

BATCH = 1000


def fill(apps, schema_editor):
    """The new keys of people entered before, a thousand at a time: nobody waits for all of them."""
    User = apps.get_model("people", "User")
    keys = people.models.person.NAME_KEYS
    statement = f"UPDATE people_user SET {', '.join(f'{name} = %s' for name in keys)} WHERE id = %s"
    last = 0
    while found := list(User.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        rows = [[*(key(person) for key in keys.values()), person.pk] for person in found]
        with transaction.atomic(), schema_editor.connection.cursor() as cursor:
            cursor.executemany(statement, rows)
        last = found[-1].pk


class Migration(migrations.Migration):
    atomic = False  # what was filled stays filled, whatever stops it

    dependencies = [("people", "0008_names_as_they_sound")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
