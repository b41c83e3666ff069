from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("recipes", "0002_servings")]
    operations = [migrations.RenameModel(old_name="Recipe", new_name="Dish")]
