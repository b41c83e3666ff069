class ShopError(Exception):
    status = 400


class Unauthorized(ShopError):
    status = 401
