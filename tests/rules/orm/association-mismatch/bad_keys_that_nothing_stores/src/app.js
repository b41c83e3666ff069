const express = require('express');
const { Part, Singer, Song } = require('./models');

const app = express();
app.get('/songs', async (req, res) => {
  const songs = await Song.findAll({ include: [{ model: Singer, as: 'singers' }], limit: 20 });
  res.json(songs);
});
app.post('/parts', async (req, res) => {
  res.json(await Part.create({ singerId: req.body.singer, songId: req.body.song }));
});
app.get('/singers', async (req, res) => {
  const singers = await Singer.findAll({ include: [{ model: Song, as: 'solos' }], limit: 20 });
  res.json(singers);
});
app.listen(3000);
