"""Rules of level L0: does the service use its web framework as the framework wants it?"""
