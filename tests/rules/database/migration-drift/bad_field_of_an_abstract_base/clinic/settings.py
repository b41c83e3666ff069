INSTALLED_APPS = ["clinic.common", "clinic.patients"]
