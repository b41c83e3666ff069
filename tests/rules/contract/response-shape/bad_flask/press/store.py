from vendored import open_store

store = open_store()
