import functools


def loaded(view):
    @functools.wraps(view)
    def wrapper(request, key):
        return view(request, {"key": key})

    return wrapper
