from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class AlertCreate(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    title: str
    originator: str
