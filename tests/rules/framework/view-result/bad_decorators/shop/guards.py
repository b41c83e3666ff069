import functools


def signed_in(view):
    @functools.wraps(view)
    def wrapper(request, *args, **kwargs):
        if "Authorization" not in request.headers:
            raise PermissionError
        view(request, *args, **kwargs)  # expect: framework/view-result

    return wrapper


def logged(view):
    def wrapper(request, *args, **kwargs):  # expect: framework/view-result
        print(request.path)
        return view(request, *args, **kwargs)
