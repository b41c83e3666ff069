from django.db import models


class Fruit(models.Model):
    name = models.CharField(max_length=40)


class Jar(models.Model):
    fruits = models.ManyToManyField(Fruit)
