from pathlib import Path

ROOT = Path(__file__).parent
DATABASE_URL = f"sqlite+aiosqlite:///{ROOT / 'app.db'}"
