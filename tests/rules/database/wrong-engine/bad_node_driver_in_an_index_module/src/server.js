import express from "express";
import { addBook, books } from "./books.js";

const app = express();
app.get("/books", async (req, res) => res.json(await books()));
app.post("/books", async (req, res) => res.json(await addBook("title")));
app.listen(3000);
