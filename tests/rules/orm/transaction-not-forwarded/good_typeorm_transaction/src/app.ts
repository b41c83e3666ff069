import express from 'express';
import { books } from './routes/books.js';

const app = express();
app.use(express.json());
app.use('/books', books);
app.listen(3000);
