import express from 'express';
import { DataSource } from 'typeorm';
import { Fee, Film, Medium, Reminder, Shelf } from './entities.js';

const app = express();
const library = new DataSource({ type: 'sqlite', database: 'library.db', entities: [Fee, Film, Medium, Reminder, Shelf], synchronize: true });

app.get('/fees', async (req, res) => {
  res.json({
    fees: await library.getRepository(Fee).findBy({ amount: 5 }),
    reminders: await library.getRepository(Reminder).find({ order: { createdAt: 'DESC' } }),
    films: await library.getRepository(Medium).findBy({ minutes: 90 } as never),
    shelves: await library.getRepository(Shelf).findBy({ place: 'hall' }),
    shelf: await library.manager.findOneBy('shelf', { place: 'cellar' }),
  });
});

library.initialize().then(() => app.listen(3000));
