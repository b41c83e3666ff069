INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "shelf"]
ROOT_URLCONF = "house.urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "house.db"}}
