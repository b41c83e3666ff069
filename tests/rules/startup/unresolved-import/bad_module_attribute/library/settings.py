ROOT_URLCONF = "library.urls"
INSTALLED_APPS = ["library.api"]
