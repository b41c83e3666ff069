import express from 'express';

const app = express();
app.get('/', (req, res) => res.json([__dirname]));
module.exports = app;
