"""Sequelize: models, associations, and what each query is given."""
