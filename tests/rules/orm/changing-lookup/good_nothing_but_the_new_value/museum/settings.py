INSTALLED_APPS = ["django.contrib.contenttypes", "museum"]
ROOT_URLCONF = "museum.urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "museum"}}
