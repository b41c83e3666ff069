  app.get('/pupils', (req, res) => {
    res.json([])
  })
} // expect: startup/syntax-error warning
