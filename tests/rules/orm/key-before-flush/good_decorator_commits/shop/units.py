from functools import wraps


def committed(func):
    @wraps(func)
    def wrapper(self, *args, commit=True, **kwargs):
        result = func(self, *args, **kwargs)
        if commit:
            self.session.commit()
        return result

    return wrapper
