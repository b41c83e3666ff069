from django.db import models
from djmoney.models.fields import MoneyField
from taggit.managers import TaggableManager


class Ware(models.Model):
    price = MoneyField(max_digits=10, decimal_places=2)
    tags = TaggableManager()


class Page(models.Model):
    title = models.CharField(max_length=100)


class Label(models.Model):
    text = models.CharField(max_length=10)


Label.add_to_class("colour", models.CharField(max_length=6))
