from django.db import models


class Word(models.Model):
    text = models.CharField(max_length=40, unique=True)


class Part(models.Model):
    name = models.CharField(max_length=80)
    words = models.ManyToManyField(Word, related_name="parts")


class Crate(models.Model):
    part = models.ForeignKey(Part, on_delete=models.CASCADE, related_name="crates")
    weight = models.IntegerField()
