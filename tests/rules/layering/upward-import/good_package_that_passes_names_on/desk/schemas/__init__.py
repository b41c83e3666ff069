from desk.schemas.person import PersonView
