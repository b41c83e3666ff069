def index(:  # expect: startup/syntax-error warning
    pass
