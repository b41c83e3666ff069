import express from 'express';
import * as trips from './trips';

const app = express();
app.get('/trips', trips.list);
app.post('/trips', trips.create);
app.get('/trips/:id', trips.show);
app.delete('/trips/:id', trips.remove);

export default app;
