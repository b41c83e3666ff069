"""Dataclasses whose methods are made when they are first used.

``dataclasses.dataclass`` writes, compiles and runs the text of each method when the class is
defined. The gate has some five hundred such classes, and a run uses a part of each: that was a
quarter of the time it took to load. Here a class gets its slots when it is defined, and its
methods when one is called.

``frozen=True`` sets each field through ``object.__setattr__``, which costs three times what an
assignment does: a sixth of all time, where values are made by the million. The type checker sees
the standard decorator, and it is what keeps anyone from setting a field of a frozen class; at run
time the class compares and hashes by its fields just the same.

``replace`` copies field by field; the standard one calls ``__init__`` by keywords, which takes four
times as long. ``field``, ``fields`` and the like are the standard ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["dataclass", "replace"]

if TYPE_CHECKING:
    from dataclasses import dataclass, replace
else:
    import dataclasses
    from copy import copy
    from dataclasses import MISSING, field
    from reprlib import recursive_repr
    from types import SimpleNamespace

    def dataclass(*, frozen=False, slots=True, eq=True, repr=True, order=False):
        """The decorator, with the arguments of the standard one."""
        if order:
            return dataclasses.dataclass(frozen=frozen, slots=slots, eq=eq, order=order)

        def made(cls):
            cls = _slotted(cls)
            own = cls.__dict__
            _promise(cls, "__init__", _init)
            if repr and "__repr__" not in own:
                cls.__repr__ = _repr
            if eq:
                hashed = own.get("__hash__") is not None
                _promise(cls, "__eq__", _eq)
                if frozen and not hashed:
                    _promise(cls, "__hash__", _hash)
                elif not hashed:
                    cls.__hash__ = None
            return cls

        return made

    def replace(instance, /, **changes):
        """A copy with other values in some fields.

        Raises:
            AttributeError: a field has no such name.
        """
        cls = instance.__class__
        copy = _COPIES.get(cls) or _copying(cls)
        made = copy(instance)
        for name, value in changes.items():
            setattr(made, name, value)
        return made

    #: How instances of a class are copied, once one was.
    _COPIES = {}

    def _copying(cls):
        own = cls.__dict__.get("__dataclass_params__") is _PARAMETERS
        if not own or hasattr(cls, "__post_init__"):
            _COPIES[cls] = copy
            return copy
        lines = [f"made.{name} = self.{name}" for name in _known(cls)]
        lines = ["made = new(cls)", *lines, "return made"]
        _COPIES[cls] = made = _compiled(
            cls, "copy", "self", lines, {"new": cls.__new__, "cls": cls}
        )
        return made

    _standard = dataclasses.dataclass(init=False, repr=False, eq=False, match_args=False)

    def _names(written):
        return [
            name for name, said in written.__annotations__.items()
            if not str(said).startswith("ClassVar")
        ]  # fmt: skip

    def _slotted(written):
        """The class as it is written, with slots in place of its fields."""
        own = _names(written)
        inherited = {
            name for base in written.__mro__[1:-1] for name in base.__dict__.get("__slots__", ())
        }
        body = dict(written.__dict__)
        for name in own:
            body.pop(name, None)
        for name in ("__dict__", "__weakref__"):
            body.pop(name, None)
        body["__slots__"] = tuple(name for name in own if name not in inherited)
        body["__dataclass_fields__"] = _Fields(written)
        body["__dataclass_params__"] = _PARAMETERS
        body["__match_args__"] = _Positional()
        made = type(written)(written.__name__, written.__bases__, body)
        made.__qualname__ = written.__qualname__
        return made

    #: What the standard decorator asks of a base.
    _PARAMETERS = SimpleNamespace(frozen=False)

    class _Fields:
        """What the standard decorator knows of the class, asked when somebody wants it."""

        def __init__(self, written):
            self._written = written
            self._own = None

        def __get__(self, this, cls):
            written = self._written
            if "__dataclass_fields__" not in written.__dict__:
                _ = self.own  # the decorator changes what it says
                if written.__doc__ is None:
                    written.__doc__ = ""
                _standard(written)
            return written.__dataclass_fields__

        @property
        def own(self):
            """What the class itself says of its fields."""
            if self._own is None:
                said = self._written.__dict__
                self._own = {
                    name: item if isinstance(item, dataclasses.Field) else field(default=item)
                    for name in _names(self._written) for item in (said.get(name, MISSING),)
                }  # fmt: skip
            return self._own

    def _known(cls):
        """The fields of a class by their names."""
        found = {}
        for base in reversed(cls.__mro__):
            said = base.__dict__.get("__dataclass_fields__", {})
            found.update(said.own if isinstance(said, _Fields) else said)
        return found

    class _Positional:
        """What a pattern matches by position, asked when one does."""

        def __get__(self, this, cls):
            cls.__match_args__ = tuple(
                name for name, item in _known(cls).items() if item.init and item.kw_only is not True
            )
            return cls.__match_args__

    def _promise(cls, name, write):
        """A method that is made when it is called for the first time."""
        if name in cls.__dict__:
            return

        def first(*args, **named):
            method = _compiled(cls, name, *write(cls))
            setattr(cls, name, method)
            return method(*args, **named)

        setattr(cls, name, first)

    def _compiled(cls, name, parameters, lines, values=()):
        text = "\n".join([f"def {name}({parameters}):", *(f"    {line}" for line in lines)])
        scope = {"MISSING": MISSING, **dict(values)}
        exec(text, scope)
        method = scope[name]
        method.__qualname__ = f"{cls.__qualname__}.{name}"
        method.__module__ = cls.__module__
        return method

    def _init(cls):
        positional, named, lines, values = ["self"], [], [], {}
        for name, item in _known(cls).items():
            given = name
            if item.default is not MISSING:
                values[f"_default_{name}"] = item.default
                given = f"{name}=_default_{name}"
            elif item.default_factory is not MISSING:
                values[f"_made_{name}"] = item.default_factory
                given = f"{name}=MISSING"
                lines.append(f"if {name} is MISSING: {name} = _made_{name}()")
            elif not item.init:
                continue
            if not item.init:
                lines.insert(0, given.replace("=", " = "))
            else:
                (named if item.kw_only is True else positional).append(given)
            lines.append(f"self.{name} = {name}")
        if hasattr(cls, "__post_init__"):
            lines.append("self.__post_init__()")
        return (
            ", ".join([*positional, *(["*", *named] if named else [])]),
            lines or ["pass"],
            values,
        )

    def _eq(cls):
        names = [name for name, item in _known(cls).items() if item.compare]
        mine, theirs = (_tuple(side, names) for side in ("self", "other"))
        lines = ["if other.__class__ is self.__class__:", f"    return {mine} == {theirs}",
                 "return NotImplemented"]  # fmt: skip
        return "self, other", lines

    def _hash(cls):
        names = [
            name for name, item in _known(cls).items()
            if (item.compare if item.hash is None else item.hash)
        ]  # fmt: skip
        return "self", [f"return hash({_tuple('self', names)})"]

    def _tuple(side, names):
        return "(" + "".join(f"{side}.{name}, " for name in names) + ")"

    @recursive_repr("...")
    def _repr(self):
        shown = (
            f"{name}={getattr(self, name)!r}"
            for name, item in _known(type(self)).items() if item.repr
        )  # fmt: skip
        return f"{self.__class__.__qualname__}({', '.join(shown)})"
