from django.contrib.auth.models import AbstractUser
from django.db import models


class Member(AbstractUser):
    last_name = None
    email = models.EmailField(unique=True)
    card = models.CharField(max_length=20)

    class Meta(AbstractUser.Meta):
        swappable = "AUTH_USER_MODEL"


class Librarian(Member):
    class Meta:
        proxy = True
