def next_number(last: str) -> str:
    return str(int(last) + 1)
