def cut(queryset, page, size=20):
    start = page * size
    return queryset[start : start + size]
