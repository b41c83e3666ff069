import functools

from huey.contrib.djhuey import HUEY


def repeated(times=3):
    def around(function):
        @functools.wraps(function)
        def run(*args, **kwargs):
            kwargs.pop("task")
            return function(*args, **kwargs)

        return HUEY.task(retries=times, context=True)(run)

    return around
