class TraceMiddleware:
    pass
