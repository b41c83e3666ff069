from flask import Flask

app = Flask("x")

type Name = str


def first[T](items: list[T]) -> T:
    match items:
        case [head, *_]:
            return head
    raise ValueError


@app.get("/")
def index():
    try:
        return f"{first(["a", "b"])!r:>10}"
    except ValueError, KeyError:
        return ""
