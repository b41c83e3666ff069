from sqlalchemy import select
from sqlalchemy.orm import Session

from grove.trees import Tree


class Prunings:
    def high(self, session: Session) -> list[Tree]:
        return list(session.scalars(select(Tree).where(Tree.height > 20)))


def most_urgent(trees):
    return sorted(trees, key=lambda tree: tree.height)


prunings = Prunings()
