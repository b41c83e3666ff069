const express = require('express');
const loans = require('./loans');

const app = express();
app.get('/loans', loans.list);
app.get('/loans/:id', loans.read);
app.post('/loans', loans.lend);
app.del('/loans/:id', loans.remove);
app.post('/loans/:id/renewal', loans.renew);
app.listen(3000);
