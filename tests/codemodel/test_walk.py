"""Walking over a module, for the first time and again."""

from __future__ import annotations

from textwrap import dedent

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.build import build
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.python import lower
from ci_gate.codemodel.serial import MODULES
from support.trees import MemoryTree

SOURCE = b"x = 1\ndef f(y):\n    return [g(z) for z in y]\nclass A:\n    b: int = 2\n"


def test_again_is_as_the_first_time() -> None:
    module = lower("a.py", SOURCE)
    first = list(s.walk(module))
    assert list(s.walk(module)) == first
    assert first[0] is module
    below = [node for statement in module.body for node in s.walk(statement)]
    assert set(below) <= set(first)
    inside = list(s.walk(module, into_functions=False))
    assert len(inside) < len(first)


def test_what_a_module_consists_of_is_kept_with_it() -> None:
    module = lower("a.py", SOURCE)
    nodes = s.gathered(module).nodes
    told = MODULES.dump(module)
    assert told is not None
    loaded = MODULES.load(told)
    assert loaded.contents is not None
    assert list(s.walk(loaded)) == [loaded, *loaded.contents.nodes]
    assert [type(node) for node in loaded.contents.nodes] == [type(node) for node in nodes]
    assert "contents" not in s.child_fields(s.Module)


def test_words_are_what_the_code_speaks_of() -> None:
    source = b"import a.b as c\nfrom ..d import e\n# f\n@g(h=1)\ndef i(j):\n    j.k = 'l'\n"
    words = s.gathered(lower("a.py", source)).words
    assert {"a", "b", "d", "e", "g", "h", "j", "k"} <= words
    assert words.isdisjoint({"f", "l"})


def own(model: CodeModel, name: str) -> list[str]:
    nodes = model.own_nodes(model.functions[f"a.py::{name}"])
    return [node.id for node in nodes if isinstance(node, s.Name)]


def test_own_nodes_are_those_that_run_with_the_function() -> None:
    source = """
        top
        @decorator
        class Shop(Base):
            field
            def sell(self, item=default) -> Result:
                first
                def inner():
                    hidden
                    def innermost():
                        deeper
                class Local(Other):
                    local
                key = lambda x: unseen
                last
            after
            class Meta:
                meta
        end
    """
    model = build(MemoryTree({"a.py": dedent(source).strip()}))

    assert own(model, "Shop.sell") == ["first", "key", "last"]
    assert own(model, "Shop.sell.inner") == ["hidden"]
    assert own(model, "Shop.sell.inner.innermost") == ["deeper"]
    assert own(model, "<module>") == ["top", "field", "after", "meta", "end"]
