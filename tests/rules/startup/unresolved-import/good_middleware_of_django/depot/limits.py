def limit(get_response):
    return get_response
