from fastapi import FastAPI

from club.routes import berths, boats, fees, keys, members, tides

app = FastAPI()
app.include_router(berths.router)
app.include_router(boats.router)
app.include_router(fees.router)
app.include_router(keys.router)
app.include_router(members.router)
app.include_router(tides.router)
