class Store:
    def remove(self, shelf: str) -> None:
        print(shelf)


class Archive(Store):
    def remove(self, shelf: str, reason: str = "") -> None:
        print(shelf, reason)


class Mailer:
    def __init__(self, host):
        self.host = host

    def __call__(self, address):
        print(self.host, address)


def remove(shelf, reason, *others):
    print(shelf, reason, others)


def clear(store: Store, mailer: Mailer, anything) -> None:
    store.remove("a", reason="lost")
    anything.remove("a", "b", "c", "d")
    mailer("m@example.org")
    remove("a", "lost", "b", "c")
