from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models


class OnlyOnce(migrations.RunPython):
    """Data only."""


def nothing(apps, schema_editor):
    for book in apps.get_model("stacks", "Book").objects.all():
        setattr(book, "author", book.author.strip())


COLOURS = [("r", "red")]


class Migration(migrations.Migration):
    dependencies = [("stacks", "0001_initial")]
    state_operations = [
        migrations.AddField(
            model_name="book",
            name="old_code",
            field=models.CharField(max_length=10, null=True),
        ),
    ]
    operations = [
        TrigramExtension(),
        migrations.RenameModel("Lending", "Loan"),
        migrations.AlterOrderWithRespectTo(name="loan", order_with_respect_to="book"),
        migrations.RenameField(model_name="book", old_name="author", new_name="writer"),
        migrations.RemoveField("book", "obsolete"),
        migrations.AlterField("Book", "pages", models.IntegerField()),
        migrations.AlterField("item", "title", models.CharField(max_length=300)),
        migrations.RunSQL("ALTER TABLE stacks_book ADD price numeric(6, 2)"),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL("UPDATE stacks_book SET old_code = NULL")],
            state_operations=state_operations,
        ),
        migrations.AddField(
            "book", "readers",
            models.ManyToManyField(through="stacks.Loan", to=settings.AUTH_USER_MODEL),
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("object_id", models.PositiveBigIntegerField()),
                (
                    "content_type",
                    models.ForeignKey(on_delete=models.CASCADE, to="contenttypes.contenttype"),
                ),
                ("colour", models.CharField(max_length=6, choices=COLOURS)),
            ],
        ),
        OnlyOnce(nothing),
    ]
