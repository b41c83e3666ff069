"""TypeORM: entities of decorators and EntitySchema, repositories, find options, query builders."""
