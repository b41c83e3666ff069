from django.db import models


class Story(models.Model):
    title = models.CharField(max_length=120)
    written_at = models.DateTimeField()
    views = models.IntegerField(default=0)


class Pick(models.Model):
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="picks")
    picked_at = models.DateTimeField()
