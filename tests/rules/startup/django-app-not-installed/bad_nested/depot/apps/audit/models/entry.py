from django.db import models


class Entry(models.Model):  # expect: startup/django-app-not-installed
    said = models.TextField()
