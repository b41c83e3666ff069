import express from 'express'; // expect: startup/module-format

const app = express();
app.get('/', (req, res) => res.json([]));
module.exports = app;
