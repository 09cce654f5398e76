import people.models.person
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0007_merged_at")]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="folded_name",
            field=people.models.person.NameKeyField(default="", editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name="user",
            name="sound_name",
            field=people.models.person.NameKeyField(default="", editable=False, max_length=1000),
        ),
        migrations.AddField(
            model_name="user",
            name="sort_name",
            field=people.models.person.NameKeyField(default="", editable=False, max_length=240),
        ),
        migrations.RemoveIndex(model_name="user", name="user_folded_name"),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(fields=["sort_name", "id"], name="user_sort_name"),
        ),
    ]
