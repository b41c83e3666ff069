from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tags", "0001_initial")]
    operations = []
