"""Whatever the input, every question has an answer, and always the same."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ci_gate.codemodel.build import build
from ci_gate.codemodel.model import CodeModel
from support.trees import MemoryTree

PYTHON = """
from a import b as c, *
class A(B, metaclass=M):
    x: "list[A]" = field(default_factory=lambda: A())
    def __init__(self, y: T = Depends(z)): self.y, (self.z, *w) = y
    @property
    def p(self): return self.p
    def __enter__(self): return self
async def f(a, *b, c=1, **d):
    async with a.b() as (e, g): yield from e[0]["k"].h(lambda q: q)
    for i, in [x for x in y if (z := x)]: app.state.x = request.app["x"] = i
"""
SCRIPT = """
import d, {e as f, default as g} from './b'; export * from './c'; export {h as default} from '.';
const {a, b: {c = 1, ...r}, ...s} = require('./a'), [x, , y] = await import('./b');
class A extends B(C) { #p = 1; static s = this; get g() { return this.g }
constructor(private q: Q) { super(q); this.z = q } }
module.exports = {...require('./c'), a, m() { return this.m }, [k]: x?.y?.(...z)};
app.locals.x = (req) => req.app.locals.x;
fastify.decorate('k', async function () { return this.k });
type T<U> = U extends V ? {a: T<U>} : Parameters<typeof f>[0] | ((x: T) => Promise<U[]>);
"""


def ask_everything(model: CodeModel) -> list[str]:
    told = [f"{edge.source} {edge.symbol} {edge.target}" for edge in model.import_edges]
    for function in model.functions.values():
        told += [f"{edge.callee.qualname} {edge.reason}" for edge in model.callees(function)]
        for call in model.calls_in(function):
            told.append(str(len(model.evaluate(call))))
            assert model.scope_of(call).function is function
    for cls in model.classes.values():
        told += [str(len(list(model.ancestors(cls)))), str(len(model.subclasses(cls)))]
    told.append(str(len(model.reachable(model.functions.values()))))
    return told


def cut(text: str, pieces: list[tuple[int, int]]) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(lines[a % len(lines)][b % 90 :] for a, b in pieces)


PIECES = st.lists(st.tuples(st.integers(0, 50), st.one_of(st.just(0), st.integers(0, 60))))


@settings(max_examples=60, deadline=None)
@given(PIECES, PIECES, PIECES)
def test_any_program_can_be_asked(
    first: list[tuple[int, int]], second: list[tuple[int, int]], third: list[tuple[int, int]]
) -> None:
    files = {
        "a/__init__.py": cut(PYTHON, first),
        "a/b.py": cut(PYTHON, second),
        "b.ts": cut(SCRIPT, first),
        "c.js": cut(SCRIPT, second),
        "index.ts": cut(SCRIPT, third),
        "a.js": cut(SCRIPT, third),
    }
    assert ask_everything(build(MemoryTree(files))) == ask_everything(build(MemoryTree(files)))


def test_bytes_that_are_no_text_are_survived() -> None:
    files: dict[str, str | bytes] = {
        "a.py": b"\xff\xfe def f(:\n\x80",
        "b.js": b"\x00\x01",
        "c.ts": b"",
        "d.py": b"(" * 5000,
        "e.js": b"[" * 5000,
        "f.py": b"x = " + b"a." * 3000 + b"b\n",
        "g.js": b"x" + b"()" * 3000,
    }
    model = build(MemoryTree(files))
    ask_everything(model)
    assert [item.path for item in model.skipped] == ["b.js"]
