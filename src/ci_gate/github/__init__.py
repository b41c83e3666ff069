"""On the pull request: what the runner says of the event, what GitHub is told of the verdict."""
