from django.contrib.auth.models import AbstractUser


class Cook(AbstractUser):
    pass
