from django.db import models


class Keeper(models.Model):
    name = models.CharField(max_length=40)


class Animal(models.Model):
    name = models.CharField(max_length=40)
    species = models.CharField(max_length=40)
    keeper = models.ForeignKey(Keeper, on_delete=models.CASCADE, related_name="animals")
