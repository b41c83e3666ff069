from gauges.models import flows
from sqlalchemy.orm import Session


def is_high(session: Session, key: int) -> bool:
    found = flows.one(session, key)
    return found is not None and found.name == "high"
