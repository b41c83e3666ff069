def place(name: str) -> str:
    return f"/srv/{name}"
