"""What a service declares that it needs: manifests, lock files, and what they surely install."""
