import django.db.models.deletion
import library.shelf.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.CreateModel(
            name="Item",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Book",
            fields=[
                (
                    "item_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="stacks.item",
                    ),
                ),
                ("isbn", library.shelf.fields.Isbn(null=True)),
                ("pages", models.CharField(max_length=5)),
                ("shelf", models.CharField(max_length=10, db_column="place")),
                ("author", models.CharField(max_length=100)),
                ("obsolete", models.TextField()),
            ],
            bases=("stacks.item",),
        ),
        migrations.CreateModel(
            name="Lending",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("due", models.DateField()),
                ("book", models.ForeignKey(on_delete=models.CASCADE, to="stacks.book")),
                (
                    "reader",
                    models.ForeignKey(on_delete=models.CASCADE, to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
    ]
