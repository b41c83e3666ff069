from passlib.hash import bcrypt


def hashed(password):
    return bcrypt.using(rounds=10).hash(password)
