from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("parcels", "0001_initial"), ("parcels", "0002_weight")]
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Parcel",
            [("id", models.BigAutoField(primary_key=True)), ("weight", models.IntegerField())],
        ),
    ]
