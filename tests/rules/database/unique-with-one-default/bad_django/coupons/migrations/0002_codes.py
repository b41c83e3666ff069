from django.db import migrations, models

import coupons.models


class Migration(migrations.Migration):
    dependencies = [("coupons", "0001_initial")]
    operations = [
        migrations.AddField(  # expect: database/unique-with-one-default
            "coupon",
            "code",
            models.CharField(max_length=12, unique=True, default=coupons.models.new_code),
        ),
        migrations.AddField(  # expect: database/unique-with-one-default
            model_name="coupon",
            name="series",
            field=models.IntegerField(default=0, unique=True),
        ),
    ]
