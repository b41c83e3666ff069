from shop.models import *


def users():
    return User.query.all()
