const request = require('supertest');

const app = require('../app');

test('answers', () => request(app).get('/').expect(200));
