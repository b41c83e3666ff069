import os
from os import path as helper

ALIAS = os
first, *rest = "a", "b"
if os.environ.get("X"):
    class Conditional:
        pass
else:
    Conditional = None
for by_loop in range(3):
    pass
if (walrus := os.getpid()):
    pass


def _set():
    global by_global
    by_global = 1


_set()
globals()["computed"] = 2


def __getattr__(name):
    if name == "lazily":
        return 3
    raise AttributeError(name)
