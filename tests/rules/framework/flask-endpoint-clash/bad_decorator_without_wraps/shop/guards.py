from flask import abort, g


def staff_only(view):
    def guarded(*args, **kwargs):  # expect: framework/flask-endpoint-clash error
        if not g.user.is_staff:
            abort(403)
        return view(*args, **kwargs)

    return guarded
