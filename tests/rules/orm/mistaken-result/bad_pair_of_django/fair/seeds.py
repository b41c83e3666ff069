from fair.models import Stall, Trade

stall = Stall.objects.create(owner="Mira")
trade = Trade.objects.get_or_create(title="baker")  # expect: orm/mistaken-result
stall.trades.add(trade)
