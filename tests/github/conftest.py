from support.github.fixtures import github, github_enterprise

__all__ = ["github", "github_enterprise"]
