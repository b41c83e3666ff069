from django.db import migrations, models

FLAGS = ["pinned"]


class Migration(migrations.Migration):
    dependencies = [("pins", "0001_initial")]
    operations = [
        migrations.AddField("note", name, models.BooleanField(default=False)) for name in FLAGS
    ]
