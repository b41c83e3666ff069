from fair.models import Stall, Trade


def rename(stall: Stall, titles):
    found = []
    seen = set()
    for title in titles:
        pair = Trade.objects.get_or_create(title=title)
        trade, _ = pair
        seen.add(pair)
        found.append(trade)
    stall.trades.set(found)
    return seen


def admit(owner, title):
    stall = Stall.objects.create(owner=owner)
    stall.trades.add(Trade.objects.get_or_create(title=title)[0])
    result = Trade.objects.get_or_create(title=title)
    return stall, result[0].pk, result


def pairs(titles):
    made = []
    for title in titles:
        made.append(Trade.objects.update_or_create(title=title))
        answer = Trade.objects.get_or_create(title=title)
        made.append(answer)
    return [trade.pk for trade, _ in made]
