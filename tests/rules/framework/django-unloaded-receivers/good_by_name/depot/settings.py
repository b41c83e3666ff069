ROOT_URLCONF = "depot.urls"
INSTALLED_APPS = ["parts"]
SIGNAL_MODULES = ["parts.listeners"]
