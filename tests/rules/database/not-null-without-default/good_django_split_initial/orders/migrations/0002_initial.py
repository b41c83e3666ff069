from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [("orders", "0001_initial")]
    operations = [migrations.AddField("order", "placed_at", models.DateTimeField())]
