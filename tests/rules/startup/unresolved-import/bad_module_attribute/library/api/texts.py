TITLE = "Books"
NOTHING = "No books"
