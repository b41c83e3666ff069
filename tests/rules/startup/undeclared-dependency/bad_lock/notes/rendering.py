import yaml  # expect: startup/undeclared-dependency error


def render(name):
    return yaml.safe_dump({"name": str(name)})
