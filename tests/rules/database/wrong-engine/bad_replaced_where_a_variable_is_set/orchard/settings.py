import os

import dj_database_url

ROOT_URLCONF = "orchard.urls"
INSTALLED_APPS = ["django.contrib.contenttypes"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",  # expect: database/wrong-engine error
        "NAME": "orchard.sqlite3",
    },
}
if "DATABASE_URL" in os.environ:
    DATABASES["default"] = dj_database_url.parse(os.environ["DATABASE_URL"])
