from django.db import models


class Item(models.Model):
    title = models.CharField(max_length=80)
    open = models.BooleanField(default=True)


class Order(models.Model):
    owner = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    open = models.BooleanField(default=True)
