"""On the pull request: what the runner says of the event, and what GitHub is told of the verdict."""
