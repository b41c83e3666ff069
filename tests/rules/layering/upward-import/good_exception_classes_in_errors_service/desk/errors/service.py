class ServiceUnavailable(Exception):
    pass


def unavailable(name: str) -> ServiceUnavailable:
    return ServiceUnavailable(name)
