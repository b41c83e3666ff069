from django.db import models


class Band(models.Model):
    name = models.CharField(max_length=80)


class Album(models.Model):
    title = models.CharField(max_length=80)
    band = models.ForeignKey(Band, on_delete=models.CASCADE, related_name="albums")
    plays = models.IntegerField(default=0)
