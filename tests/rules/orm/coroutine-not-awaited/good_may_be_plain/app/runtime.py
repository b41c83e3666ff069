import asyncio


def synchronous(func):
    def wrapper(*args):
        return asyncio.run(func(*args))

    return wrapper
