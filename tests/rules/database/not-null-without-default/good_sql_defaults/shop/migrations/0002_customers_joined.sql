ALTER TABLE customers ADD COLUMN joined_at DATETIME NOT NULL DEFAULT '1970-01-01';
ALTER TABLE customers ADD COLUMN country TEXT;
UPDATE customers SET country = 'NL';
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id)
);
ALTER TABLE orders ADD COLUMN placed_at DATETIME NOT NULL;
