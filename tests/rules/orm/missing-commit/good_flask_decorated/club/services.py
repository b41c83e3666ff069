from functools import wraps

from club import repositories
from club.db import db


def storing(function):
    @wraps(function)
    def around(*args, **kwargs):
        result = function(*args, **kwargs)
        db.session.commit()
        return result

    return around


@storing
def join(name):
    return repositories.add(name)
