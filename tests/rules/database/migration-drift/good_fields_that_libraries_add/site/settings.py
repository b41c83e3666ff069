INSTALLED_APPS = ["modeltranslation", "djmoney", "taggit", "goods"]
