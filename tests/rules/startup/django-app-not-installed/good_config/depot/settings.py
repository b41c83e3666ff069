ROOT_URLCONF = "depot.urls"
INSTALLED_APPS = ["trucks.apps.Trucks", "boxes"]
