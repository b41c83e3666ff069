from depot.tracing import *
from depot.limits import limit as LimitMiddleware


def _made():
    return type("MadeMiddleware", (), {})


if True:
    MadeMiddleware = _made()
