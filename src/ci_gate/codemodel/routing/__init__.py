"""The route tables of the frameworks, one module each."""
