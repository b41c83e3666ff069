INSTALLED_APPS = ["django.contrib.contenttypes", "rest_framework", "mirror.packages"]
ROOT_URLCONF = "mirror.urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "mirror.db"}}
