from notes.db import engine


def now():
    """Each engine has its own word for the time."""
    return "datetime('now')" if engine.dialect.name == "sqlite" else "now()"
