from django.db import models


class Room(models.Model):
    name = models.CharField(max_length=80, unique=True)
    visits = models.IntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True)


class Piece(models.Model):
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="pieces")
    title = models.CharField(max_length=80)
    views = models.IntegerField(default=0)
    shown_since = models.DateTimeField(null=True)
    keywords = models.ManyToManyField("Keyword")


class Keyword(models.Model):
    text = models.CharField(max_length=40, unique=True)
