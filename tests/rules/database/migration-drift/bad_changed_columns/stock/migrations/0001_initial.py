from django.db import migrations, models


class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel(
            name="Part",
            fields=[
                ("id", models.AutoField(primary_key=True)),
                ("code", models.CharField(max_length=32)),
                ("weight", models.IntegerField()),
                ("notes", models.CharField(max_length=200, blank=True)),
                ("arrived", models.DateField()),
                ("shelf", models.CharField(max_length=20)),
                ("amount", models.IntegerField(default=1)),
            ],
        ),
    ]
