import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("coupons", "0001_initial")]
    operations = [
        migrations.AddField("coupon", "code", models.UUIDField(null=True, default=uuid.uuid4)),
        migrations.AddField("coupon", "series", models.IntegerField(default=0)),
        migrations.AddField(
            "coupon", "label", models.CharField(max_length=9, unique=True, null=True, default=None)
        ),
    ]
