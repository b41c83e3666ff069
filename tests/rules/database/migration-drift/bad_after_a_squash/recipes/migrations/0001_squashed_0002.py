from django.db import migrations, models

FIELDS = [
    ("id", models.BigAutoField(primary_key=True)),
    ("title", models.CharField(max_length=80)),
    ("created", models.DateTimeField(auto_now_add=True)),
]
RECIPE = [
    migrations.CreateModel(
        name="Recipe",
        fields=[*FIELDS, ("servings", models.PositiveIntegerField(default=4))],
    ),
]


class Migration(migrations.Migration):
    replaces = [("recipes", "0001_initial"), ("recipes", "0002_servings")]
    operations = RECIPE + []
