from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [("parcels", "0002_weight")]  # expect: database/migration-graph
    operations = [
        migrations.CreateModel("Route", [("id", models.BigAutoField(primary_key=True))]),
    ]
