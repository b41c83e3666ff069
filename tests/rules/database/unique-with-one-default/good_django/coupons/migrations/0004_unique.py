import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("coupons", "0003_fill")]
    operations = [
        migrations.AlterField("coupon", "code", models.UUIDField(unique=True, default=uuid.uuid4)),
    ]
