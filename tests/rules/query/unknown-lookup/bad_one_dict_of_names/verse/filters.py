def poem_filters(given):
    filters = {}
    filters["title__icontains"] = given.get("word", "")
    filters["poet__name"] = given.get("writer", "")
    return filters
