from passlib.context import CryptContext

passwords = CryptContext(schemes=["bcrypt"], deprecated="auto")


def hashed(password):
    return passwords.hash(password)
