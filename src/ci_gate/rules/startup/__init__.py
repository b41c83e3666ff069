"""Rules of level L0: can the service start?"""
