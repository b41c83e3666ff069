from app.models import Cart, Parcel


def weight_of(lines):
    total = 0
    for line in lines:
        total += line.grams
    return total


def fee(thing: Cart | Parcel) -> int:
    lines = list(thing.lines)
    if isinstance(thing, Cart):
        weight = weight_of(lines)
    else:
        weight = thing.weight
    return 300 + weight // 10 + len(lines)


def insured_fee(thing: Cart | Parcel) -> int:
    lines = list(thing.lines)
    if not isinstance(thing, Parcel) and lines:
        return weight_of(lines)
    return thing.weight
