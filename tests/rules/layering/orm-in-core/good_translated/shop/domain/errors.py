class Conflict(Exception):
    pass
