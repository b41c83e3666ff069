class Query:
    def __init__(self) -> None:
        self.parts: list[str] = []

    def limit(self, number: int) -> "Query":
        self.parts.append(f"limit {number}")
        return self


def build(number: int) -> Query:
    query = Query()
    query.limit(number)
    return query
