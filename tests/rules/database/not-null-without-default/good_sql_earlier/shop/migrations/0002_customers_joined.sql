-- When a customer joined.
ALTER TABLE customers ADD COLUMN joined_at DATETIME NOT NULL;
ALTER TABLE customers ADD COLUMN vip BOOLEAN NOT NULL DEFAULT 0;
