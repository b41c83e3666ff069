import functools

from fastapi.concurrency import run_in_threadpool


def in_thread(function):
    @functools.wraps(function)
    async def wrapper(*args):
        return await run_in_threadpool(function, *args)

    return wrapper
