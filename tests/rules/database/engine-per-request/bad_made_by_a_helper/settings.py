DATABASE_URL = "postgresql+asyncpg://db/harbour"
