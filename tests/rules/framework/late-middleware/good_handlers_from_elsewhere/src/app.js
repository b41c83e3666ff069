import express from 'express';
import { handlers } from '@meadow/handlers';
import { tag } from './tag.js';

const app = express();

app.get('/hay', handlers.hay);
app.post('/hay', ...handlers.all);
app.get('/status');
app.use(tag);
app.get('/barn', (req, res) => res.json({ tag: req.tag }));

app.listen(3000);
