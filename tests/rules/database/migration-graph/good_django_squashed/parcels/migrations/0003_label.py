from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("parcels", "0002_weight")]
    operations = [migrations.AddField("parcel", "label", models.TextField(default=""))]
