def cut(queryset, page, size=20):
    return queryset[page * size : (page + 1) * size]
