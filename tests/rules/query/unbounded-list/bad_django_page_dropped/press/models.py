from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models


class Person(AbstractUser):
    pass


class Section(models.Model):
    name = models.CharField(max_length=40, unique=True)


class Story(models.Model):
    title = models.CharField(max_length=120)
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="stories")
    writer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="stories"
    )


class Follow(models.Model):
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows"
    )
    writer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="readers"
    )


class Letter(models.Model):
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="letters")
    text = models.TextField()
