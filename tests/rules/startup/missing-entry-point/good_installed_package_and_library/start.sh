uvicorn prefect.server.api:app
