CREATE TABLE users (
  id SERIAL PRIMARY KEY,
  username TEXT NOT NULL
);
CREATE TABLE articles (
  id SERIAL PRIMARY KEY,
  slug TEXT NOT NULL,
  author_id INTEGER NOT NULL REFERENCES users (id)
);
CREATE TABLE favorites (
  user_id INTEGER NOT NULL REFERENCES users (id),
  article_id INTEGER NOT NULL REFERENCES articles (id)
);
CREATE TABLE tags (id SERIAL PRIMARY KEY, name TEXT NOT NULL);
