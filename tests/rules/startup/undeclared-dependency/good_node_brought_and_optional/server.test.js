const request = require('superagent-of-some-kind');

request.get('/');
