def copy(source, target):
    target.update(source)


def exchange(source, target, back):
    if back:
        copy(target, source)
    else:
        copy(source, target)
