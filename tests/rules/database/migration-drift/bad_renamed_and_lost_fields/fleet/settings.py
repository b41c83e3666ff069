INSTALLED_APPS = ["cars"]
