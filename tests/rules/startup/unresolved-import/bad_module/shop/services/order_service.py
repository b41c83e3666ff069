def all_orders(repository):
    return repository.all()
