from django.db import models


class Cook(models.Model):
    name = models.CharField(max_length=40)


class Jar(models.Model):
    cook = models.ForeignKey(Cook, on_delete=models.CASCADE)


class Box(models.Model):
    packer = models.ForeignKey(Cook, on_delete=models.CASCADE)
