from django.db import models


class Cook(models.Model):
    kitchen = models.IntegerField()


class Jar(models.Model):
    cook = models.ForeignKey(Cook, on_delete=models.CASCADE)
    marks = models.JSONField[list[str]](default=list)


class Lid(models.Model):
    jar = models.ForeignKey(Jar, on_delete=models.CASCADE)
