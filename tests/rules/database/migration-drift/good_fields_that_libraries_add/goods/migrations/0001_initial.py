import djmoney.models.fields
import taggit.managers
from django.db import migrations, models


class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel(
            name="Ware",
            fields=[
                ("id", models.AutoField(primary_key=True)),
                ("price_currency", djmoney.models.fields.CurrencyField(max_length=3)),
                ("price", djmoney.models.fields.MoneyField(max_digits=10, decimal_places=2)),
                ("tags", taggit.managers.TaggableManager(to="taggit.Tag")),
            ],
        ),
        migrations.CreateModel(
            name="Page",
            fields=[
                ("id", models.AutoField(primary_key=True)),
                ("title", models.CharField(max_length=100)),
                ("title_en", models.CharField(max_length=100, null=True)),
                ("title_de", models.CharField(max_length=100, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Label",
            fields=[
                ("id", models.AutoField(primary_key=True)),
                ("text", models.CharField(max_length=10)),
                ("colour", models.CharField(max_length=6)),
            ],
        ),
    ]
