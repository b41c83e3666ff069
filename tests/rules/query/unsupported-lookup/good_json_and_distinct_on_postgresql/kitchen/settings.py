ROOT_URLCONF = "kitchen.urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "recipes"]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "kitchen"}}
