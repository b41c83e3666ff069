ROOT_URLCONF = "depot.urls"
INSTALLED_APPS = ["boxes"]
