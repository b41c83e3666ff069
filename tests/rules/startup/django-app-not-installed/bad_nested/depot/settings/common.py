ROOT_URLCONF = "depot.urls"
INSTALLED_APPS = ["depot.apps.boxes.apps.BoxesConfig"]
INSTALLED_APPS += ["django.contrib.auth"]
