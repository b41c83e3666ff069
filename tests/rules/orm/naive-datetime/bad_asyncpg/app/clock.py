from datetime import datetime, timedelta, timezone


def utcnow() -> datetime:
    return datetime.now(timezone.utc)


def tomorrow() -> datetime:
    return utcnow() + timedelta(days=1)
