"""Python source to the common syntax."""
