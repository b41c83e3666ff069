INSTALLED_APPS = ["stock"]
