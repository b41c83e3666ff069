from garage.storage.repositories import bookings


def free_days():
    return [day for day in range(1, 32) if day not in bookings()]
