"""JavaScript and TypeScript source to the common syntax."""
