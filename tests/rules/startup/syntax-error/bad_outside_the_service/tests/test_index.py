def test_index(:  # expect: startup/syntax-error warning
    pass
