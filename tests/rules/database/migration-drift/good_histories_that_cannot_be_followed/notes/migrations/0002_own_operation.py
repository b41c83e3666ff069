from django.db import migrations
from somewhere.operations import AddFlag


class Migration(migrations.Migration):
    dependencies = [("notes", "0001_initial")]
    operations = [AddFlag("note", "pinned")]
