import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Customer",
            fields=[("id", models.AutoField(primary_key=True))],
        ),
        migrations.AddField("customer", "name", models.CharField(max_length=80)),
        migrations.AddField(
            model_name="order",
            name="placed_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AddField("order", "changed_at", models.DateTimeField(auto_now=True)),
        migrations.AddField("order", "remark", models.TextField(blank=True)),
        migrations.AddField("order", "customer", models.ForeignKey("Customer", models.CASCADE, null=True)),
        migrations.AddField("order", "watchers", models.ManyToManyField("Customer", related_name="+")),
    ]
