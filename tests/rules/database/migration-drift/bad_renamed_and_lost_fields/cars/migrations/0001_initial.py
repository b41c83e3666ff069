import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel(
            name="Car",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("plate", models.CharField(max_length=12, unique=True)),
                ("mileage", models.IntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Trip",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("purpose", models.CharField(max_length=50)),
                ("car", models.ForeignKey(on_delete=models.CASCADE, to="cars.car")),
            ],
        ),
        migrations.CreateModel(
            name="Depot",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=40)),
                ("city", models.CharField(max_length=40, null=True)),
            ],
        ),
    ]
