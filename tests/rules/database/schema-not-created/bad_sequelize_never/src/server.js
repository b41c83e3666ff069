const express = require('express');
const { prepare } = require('./database');

const app = express();
prepare().then(() => app.listen(3000));
