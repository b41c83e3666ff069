import os


def plugins():
    return os.environ["PLUGINS"].split(",")
