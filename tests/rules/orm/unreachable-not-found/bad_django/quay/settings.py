SECRET_KEY = "local"
INSTALLED_APPS = ["quay"]
ROOT_URLCONF = "quay.urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "quay.db"}}
