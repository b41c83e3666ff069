import functools


def signed_in(view):
    @functools.wraps(view)
    def wrapper(request, *args, **kwargs):
        request.identity = request.headers["Authorization"]
        return view(request, *args, **kwargs)

    return wrapper


def caller(request):
    return request.identity
