from support.github.fixtures import github, github_enterprise
from support.pull_request import stage

__all__ = ["github", "github_enterprise", "stage"]
