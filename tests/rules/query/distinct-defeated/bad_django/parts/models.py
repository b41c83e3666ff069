from django.db import models


class Maker(models.Model):
    name = models.CharField(max_length=40)


class Part(models.Model):
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    made = models.DateTimeField()
    maker = models.ForeignKey(Maker, on_delete=models.CASCADE, related_name="parts")
