from django.db import models


class Berth(models.Model):
    number = models.IntegerField(unique=True)


class Cargo(models.Model):
    kind = models.CharField(max_length=40)


class Ship(models.Model):
    name = models.CharField(max_length=80)
    berth = models.ForeignKey(Berth, on_delete=models.CASCADE, related_name="ships")
    cargoes = models.ManyToManyField(Cargo, related_name="ships")


class Pilot(models.Model):
    name = models.CharField(max_length=80)
    ship = models.OneToOneField(Ship, on_delete=models.CASCADE, related_name="pilot")
