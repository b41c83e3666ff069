require('./services/web').start();
