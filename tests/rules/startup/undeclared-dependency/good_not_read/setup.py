from setuptools import setup


def wanted():
    with open("deps.list") as lines:
        return [line.strip() for line in lines]


setup(name="shop", install_requires=wanted())
