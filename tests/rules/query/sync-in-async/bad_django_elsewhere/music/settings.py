INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "music"]
ROOT_URLCONF = "music.urls"
