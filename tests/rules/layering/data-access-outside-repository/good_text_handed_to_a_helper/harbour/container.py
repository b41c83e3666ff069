import os

from harbour.db.gateway import Gateway
from harbour.repositories.berths import Berths
from harbour.repositories.ships import Ships
from harbour.services.mooring import Mooring

gateway = Gateway(os.environ["DATABASE_URL"])
mooring = Mooring(Berths(gateway), Ships(gateway))
