def names() -> list[str]:
    return ["first"]
