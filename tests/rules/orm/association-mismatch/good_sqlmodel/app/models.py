from sqlmodel import Field, Relationship, SQLModel


class HeroTeamLink(SQLModel, table=True):
    team_id: int | None = Field(default=None, foreign_key="team.id", primary_key=True)
    hero_id: int | None = Field(default=None, foreign_key="hero.id", primary_key=True)


class Team(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str
    heroes: list["Hero"] = Relationship(back_populates="teams", link_model=HeroTeamLink)


class Hero(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    mentor_id: int | None = Field(default=None, foreign_key="hero.id")
    teams: list[Team] = Relationship(back_populates="heroes", link_model=HeroTeamLink)
    mentor: "Hero" = Relationship(
        back_populates="pupils", sa_relationship_kwargs={"remote_side": "Hero.id"}
    )
    pupils: list["Hero"] = Relationship(back_populates="mentor")
