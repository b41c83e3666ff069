INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "music"]
ROOT_URLCONF = "music.urls"

import os

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
