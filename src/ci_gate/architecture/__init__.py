"""Which layer each file plays."""
