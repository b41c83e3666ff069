from depot.plugins import plugins

ROOT_URLCONF = "depot.urls"
INSTALLED_APPS = ["boxes"]
for plugin in plugins():
    INSTALLED_APPS.append(plugin)
