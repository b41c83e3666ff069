ROOT_URLCONF = "config.urls"
DEBUG = True
