from fastapi import FastAPI

from gauges.api import flows, rains, stations

app = FastAPI()
app.include_router(flows.router)
app.include_router(stations.router)
app.include_router(rains.router)
