import bcrypt


def hashed(password):
    return bcrypt.hashpw(password.encode()[:72], bcrypt.gensalt())
