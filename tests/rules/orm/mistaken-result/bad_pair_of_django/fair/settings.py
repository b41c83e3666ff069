INSTALLED_APPS = ["django.contrib.contenttypes", "fair"]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "fair"}}
