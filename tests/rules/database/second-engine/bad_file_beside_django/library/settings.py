import os

ROOT_URLCONF = "library.urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "library"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["DB_NAME"],
        "HOST": os.environ["DB_HOST"],
    },
}
