INSTALLED_APPS = ["django.contrib.contenttypes", "press"]
ROOT_URLCONF = "press.urls"
