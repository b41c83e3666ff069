const app = require('express')();

app.get('/', (req, res) => res.json([]));
app.listen(3000);
