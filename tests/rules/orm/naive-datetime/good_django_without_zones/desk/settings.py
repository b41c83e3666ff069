INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "desk"]
ROOT_URLCONF = "desk.urls"
USE_TZ = False
