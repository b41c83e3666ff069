from django.db import models


class Order(models.Model):
    number = models.CharField(max_length=20)
    placed_at = models.DateTimeField()
    remark = models.TextField(blank=True)
