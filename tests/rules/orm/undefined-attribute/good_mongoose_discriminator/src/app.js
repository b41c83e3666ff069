import express from 'express';
import mongoose from 'mongoose';

const Event = mongoose.model('Event', new mongoose.Schema({ day: Date }, { discriminatorKey: 'kind' }));
Event.discriminator('Concert', new mongoose.Schema({ band: String }));

const app = express();

app.get('/events', async (req, res) => {
  res.json(await Event.find({ band: req.query.band }).sort('day').limit(20));
});

app.listen(3000);
