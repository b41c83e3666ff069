INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "blog"]
ROOT_URLCONF = "blog.urls"
