from sqlalchemy import create_engine, text


class Store:
    """What all of the club is kept in."""

    engine = create_engine("sqlite:///club.db")

    def rows(self, statement: str, **values: object) -> list[str]:
        with self.engine.connect() as connection:
            bounded = text(f"{statement} LIMIT 50")
            return [row[0] for row in connection.execute(bounded, values)]


store = Store()
