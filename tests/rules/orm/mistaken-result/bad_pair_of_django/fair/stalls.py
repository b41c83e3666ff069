from fair.models import Stall, Trade


def rename(stall: Stall, titles):
    found = []
    for title in titles:
        trade = Trade.objects.get_or_create(title=title)  # expect: orm/mistaken-result
        found.append(trade)
    stall.trades.set(found)


def admit(owner, title):
    stall = Stall.objects.create(owner=owner)
    trade = Trade.objects.get_or_create(title=title)  # expect: orm/mistaken-result
    stall.trades.add(trade)
    return stall


async def key_of(title):
    trade = await Trade.objects.aget_or_create(title=title)  # expect: orm/mistaken-result
    return trade.pk
