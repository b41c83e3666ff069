def added(previous_tags: set[str], current_tags: set[str]) -> set[str]:
    return current_tags - previous_tags


def removed(previous_tags: set[str], current_tags: set[str]) -> set[str]:
    return added(current_tags, previous_tags)
