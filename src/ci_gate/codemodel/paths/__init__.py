"""What a function builds on each of its paths: texts, lists and dictionaries, followed together.

The model's evaluator knows neither the order of statements nor which branch was taken. Where a text
and its parameters grow side by side under the same conditions, that is the whole question. Here a
function is run over abstract values, once for each way through the branches that touch what is
asked for; a bounded number of ways, or no answer.
"""

from ci_gate.codemodel.paths.choices import Decisions
from ci_gate.codemodel.paths.run import Outcome, Paths, Stage
from ci_gate.codemodel.paths.values import (
    Abstract,
    Closure,
    Constant,
    Entries,
    Fragment,
    Given,
    Item,
    Items,
    Number,
    Statement,
    Unknown,
)

__all__ = [
    "Abstract",
    "Closure",
    "Constant",
    "Decisions",
    "Entries",
    "Fragment",
    "Given",
    "Item",
    "Items",
    "Number",
    "Outcome",
    "Paths",
    "Stage",
    "Statement",
    "Unknown",
]
