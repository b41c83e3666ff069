from dataclasses import dataclass, field


@dataclass(frozen=True)
class LoanView:
    title: str
    member: str
    notes: list[str] = field(default_factory=list)
