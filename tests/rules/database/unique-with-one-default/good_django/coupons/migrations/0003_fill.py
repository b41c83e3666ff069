import uuid

from django.db import migrations


def fill(apps, editor):
    for coupon in apps.get_model("coupons", "Coupon").objects.all():
        coupon.code = uuid.uuid4()
        coupon.save(update_fields=["code"])


class Migration(migrations.Migration):
    dependencies = [("coupons", "0002_code")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
