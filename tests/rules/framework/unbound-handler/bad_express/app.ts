import express from 'express';
import { loans } from './routes';

const app = express();
app.use('/loans', loans);
app.listen(3000);
