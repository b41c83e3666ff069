from pathlib import Path

BASE_DIR = Path(__file__).parent
ROOT_URLCONF = "library.urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "library"]
DATABASES = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "library.sqlite"},
}
