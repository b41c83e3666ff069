from flask import Flask

app = Flask(__name__)


def traced(view):
    def inner(*args, **kwargs):
        print(view.__name__)
        return view(*args, **kwargs)

    return inner


@app.get("/a", endpoint="a")
@traced
def a():
    return "a"


@app.get("/b", endpoint="b")
@traced
def b():
    return "b"


@app.get("/c")
@traced
def c():
    return "c"
