"""Rules on the API contract: the OpenAPI description against the routes that serve it."""
