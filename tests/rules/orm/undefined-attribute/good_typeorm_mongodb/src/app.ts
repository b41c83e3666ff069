import express from 'express';
import { Column, DataSource, Entity, ObjectIdColumn } from 'typeorm';
import type { ObjectId } from 'mongodb';

@Entity()
export class Trace {
  @ObjectIdColumn()
  id!: ObjectId;

  @Column()
  message!: string;
}

const source = new DataSource({ type: 'mongodb', url: process.env.MONGO_URL, entities: [Trace] });
const app = express();

app.get('/traces/:id', async (req, res) => {
  res.json(await source.getRepository(Trace).findOneBy({ _id: req.params.id } as never));
});

source.initialize().then(() => app.listen(3000));
