from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("parcels", "0002_weight"), ("parcels", "0002_label")]
    operations = []
