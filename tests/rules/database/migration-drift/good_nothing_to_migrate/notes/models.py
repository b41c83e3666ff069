from django.conf import settings
from django.db import models
from strange.fields import ComputedField


class Base(models.Model):
    colour = models.CharField(max_length=6)

    class Meta:
        abstract = True


class Note(models.Model):
    text = models.TextField()
    words = ComputedField()
    if settings.WITH_COLOURS:
        colour = models.CharField(max_length=6)


class Pinned(Note):
    class Meta:
        proxy = True


class Legacy(models.Model):
    text = models.TextField()

    class Meta:
        managed = False
        db_table = "legacy_notes"


class Owner(models.Model):
    name = models.TextField()

    class Meta:
        swappable = "NOTES_OWNER_MODEL"
