from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("parcels", "0001_initial")]  # expect: database/migration-graph
    operations = [migrations.AddField("parcel", "label", models.TextField(default=""))]
