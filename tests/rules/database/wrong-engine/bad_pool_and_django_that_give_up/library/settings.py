import os

import psycopg

ROOT_URLCONF = "library.urls"
INSTALLED_APPS = ["django.contrib.contenttypes"]
try:
    psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=3).close()
    DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "library"}}
except psycopg.OperationalError:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",  # expect: database/wrong-engine error
            "NAME": "library.sqlite3",
        },
    }
