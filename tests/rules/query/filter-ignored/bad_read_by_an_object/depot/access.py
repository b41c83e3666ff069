from typing import Optional

from fastapi import Query


class Wanted:
    def __init__(self, most):
        self.most = most

    def __call__(self, label: Optional[str] = Query(None), limit: int = 20):  # expect: query/filter-ignored
        return label, min(limit, self.most)


wanted = Wanted(100)
