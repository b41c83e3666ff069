from django.db import models


class Session(models.Model):
    notes = models.TextField()


class Entry(models.Model):
    text = models.CharField(max_length=80)
    session = models.ForeignKey(Session, models.CASCADE)


class Remark(models.Model):
    entry = models.ForeignKey(Entry, models.CASCADE)
    text = models.CharField(max_length=80)
