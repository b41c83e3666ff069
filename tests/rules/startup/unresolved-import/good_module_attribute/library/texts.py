TITLE = "Books"
