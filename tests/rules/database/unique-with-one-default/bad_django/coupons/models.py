from django.db import models
from django.utils.crypto import get_random_string


def new_code():
    return get_random_string(12)


class Coupon(models.Model):
    code = models.CharField(max_length=12, unique=True, default=new_code)
    series = models.IntegerField(unique=True, default=0)
