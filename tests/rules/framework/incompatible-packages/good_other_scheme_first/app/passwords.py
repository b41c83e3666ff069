from passlib.context import CryptContext

passwords = CryptContext(schemes=["argon2", "bcrypt"], deprecated="auto")


def hashed(password):
    return passwords.hash(password)
