from werkzeug.exceptions import NotFound


def missing(kind: str) -> NotFound:
    return NotFound(f"no such {kind}")
