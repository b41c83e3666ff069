from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]
    operations = [
        migrations.AddField(  # expect: database/not-null-without-default error
            model_name="order",
            name="placed_at",
            field=models.DateTimeField(),
        ),
        migrations.AddField(
            model_name="order",
            name="remark",
            field=models.TextField(blank=True),
        ),
    ]
