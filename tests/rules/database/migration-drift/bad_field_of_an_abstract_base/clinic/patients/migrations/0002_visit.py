import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("patients", "0001_initial")]
    operations = [
        migrations.CreateModel(
            "Visit",
            [
                ("id", models.AutoField(primary_key=True)),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("doctor", models.CharField(max_length=100)),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="patients.patient"
                    ),
                ),
            ],
        ),
        migrations.RenameField("visit", "doctor", "updated_by"),
    ]
