INSTALLED_APPS = ["notes", "marks", "pins", "tags", "logs"]
