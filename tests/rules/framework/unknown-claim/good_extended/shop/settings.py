class Settings:
    KEY = "a-long-secret-for-development-only"


settings = Settings()
