INSTALLED_APPS = ["notes"]
NOTES_OWNER_MODEL = "people.Person"
WITH_COLOURS = False
