from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("recipes", "0001_initial")]
    operations = [
        migrations.AddField("recipe", "servings", models.PositiveIntegerField(default=4)),
        migrations.RunPython(migrations.RunPython.noop, migrations.RunPython.noop),
    ]
