"""Columns and relations of Tortoise's models."""

from __future__ import annotations

from support.mapped import Mapped


def test_tortoise() -> None:
    mapped = Mapped(
        {
            "app/models.py": """
        from enum import Enum
        from tortoise import fields, models

        class Kind(str, Enum):
            a = "a"

        class Stamped:
            created = fields.DatetimeField(auto_now_add=True)

        class Base(models.Model):
            id = fields.UUIDField(primary_key=True)
            class Meta:
                abstract = True

        class Team(Base, Stamped):
            name = fields.CharField(max_length=20, unique=True)
            kind = fields.CharEnumField(Kind, default=Kind.a)
            events: fields.ReverseRelation["Event"]

        class Event(models.Model):
            team = fields.ForeignKeyField("models.Team", related_name="events", null=True)
            guests = fields.ManyToManyField("models.Guest", through="event_guest")
            class Meta:
                table = "happenings"

        class Guest(models.Model):
            code = fields.IntField(pk=True, source_field="guest_code")
            card = fields.OneToOneField("models.Card", related_name="guest")
            invited_by = fields.ForeignKeyField(
                "models.Guest", related_name=False, null=True
            )

        class Card(models.Model):
            pass
        """
        }
    )
    assert mapped["Base"].abstract
    assert mapped["Team"].table == "team"
    assert mapped["Team"].known
    assert mapped.columns("Team") == {
        "name": "text unique",
        "kind": "enum default",
        "id": "uuid key",
        "created": "? default",
    }
    assert mapped.columns("Event") == {"id": "integer key", "team_id": "uuid null -> team.id"}
    assert mapped.columns("Guest")["card_id"] == "integer unique -> card.id"
    assert mapped.columns("Guest")["invited_by_id"] == "integer null -> guest.guest_code"
    assert mapped.relations("Team") == {"events": "many Event back team implied"}
    assert mapped.relations("Event") == {
        "team": "one Team back events",
        "guests": "many Guest back happeningss by event_guest",
    }
    assert mapped.relations("Guest") == {
        "happeningss": "many Event back guests by event_guest implied",
        "card": "one Card back guest",
        "invited_by": "one Guest",
    }
    assert mapped.relations("Card") == {"guest": "one Guest back card implied"}


def test_unknown_tortoise_models() -> None:
    mapped = Mapped(
        {
            "app/models.py": """
        from tortoise.models import Model
        from other import Mixin

        class One(Model, Mixin): ...
        class Two(Model):
            def __getattr__(self, name): ...
        """
        }
    )
    assert not mapped["One"].known
    assert not mapped["Two"].known
