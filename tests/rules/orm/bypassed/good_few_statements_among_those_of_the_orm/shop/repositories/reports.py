from sqlalchemy import text
from sqlalchemy.orm import Session

BY_STOCK = """
    SELECT stock, count(*) AS items
    FROM items
    GROUP BY stock
    ORDER BY stock
"""


class ReportRepository:
    def __init__(self, session: Session):
        self.session = session

    def by_stock(self):
        return self.session.execute(text(BY_STOCK)).all()

    def tree(self):
        return self.session.execute(
            text("WITH RECURSIVE t AS (SELECT 1 AS n UNION SELECT n + 1 FROM t) SELECT n FROM t")
        ).all()
