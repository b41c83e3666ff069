const express = require('express');
const notes = require('./notes');
const { soft, strict } = require('./users');

const app = express();

app.use('/open', soft, notes);
app.use('/public', notes);
app.use(strict);
app.use('/own', notes);
app.listen(3000);
