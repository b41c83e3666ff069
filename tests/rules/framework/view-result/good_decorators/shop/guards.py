import functools

VIEWS = []


def signed_in(view):
    @functools.wraps(view)
    def wrapper(*args, **kwargs):
        try:
            return view(*args, **kwargs)
        except PermissionError as exc:
            raise RuntimeError("signed out") from exc

    return wrapper


def seen_by(view):
    def wrapper(*args, **kwargs):
        if len(VIEWS) > 1:
            return view(*args, **kwargs)
        elif not VIEWS:
            raise PermissionError

    return wrapper


def registered(view):
    VIEWS.append(view)
    return view
