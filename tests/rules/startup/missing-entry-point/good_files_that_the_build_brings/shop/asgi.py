import sys

from shop import factory

sys.modules[__name__].__dict__.update(factory.names())
