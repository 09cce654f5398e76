import people.models.agencies
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0009_keys_of_known_names")]

    operations = [
        migrations.AlterField(
            model_name="unit",
            name="duty_telephone",
            field=models.CharField(blank=True, max_length=20, validators=[people.models.agencies.telephone]),
        ),
    ]
