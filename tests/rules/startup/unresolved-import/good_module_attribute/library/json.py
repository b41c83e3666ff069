compact = True
