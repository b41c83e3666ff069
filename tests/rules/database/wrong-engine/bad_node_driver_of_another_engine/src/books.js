import { db } from "./db.js";

export const books = () => db.prepare("SELECT id, title FROM books LIMIT 50").all();

export const addBook = (title) => db.prepare("INSERT INTO books (title) VALUES (?)").run(title);
