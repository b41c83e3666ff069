from django.db import models


class Car(models.Model):
    plate = models.CharField(max_length=12, unique=True)
    kilometres = models.IntegerField(default=0)  # expect: database/migration-drift error


class Trip(models.Model):  # expect: database/migration-drift error
    car = models.ForeignKey(Car, on_delete=models.CASCADE)


class Depot(models.Model):  # expect: database/migration-drift warning
    name = models.CharField(max_length=40)
