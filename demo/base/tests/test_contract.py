def test_add_book(api):
    body = {"title": "Emma", "author": "Jane Austen", "copies": 2}
    status, answer = api("POST", "/books", body)
    assert status == 201
    assert answer["book"]["copies"] == 2


def test_list_books(api, book):
    status, answer = api("GET", "/books?limit=100")
    assert status == 200
    assert book in answer["books"]


def test_list_books_by_author(api, book):
    _, answer = api("GET", "/books?author=George%20Eliot")
    assert {found["author"] for found in answer["books"]} == {"George Eliot"}


def test_show_book(api, book):
    assert api("GET", f"/books/{book['id']}") == (200, {"book": book})


def test_unknown_book(api):
    assert api("GET", "/books/999999")[0] == 404


def test_join(api):
    status, answer = api("POST", "/members", {"name": "Grace"})
    assert (status, answer["member"]["name"]) == (201, "Grace")


def test_show_member(api, member):
    assert api("GET", f"/members/{member['id']}") == (200, {"member": member})


def test_lend(api, book, member):
    body = {"book_id": book["id"], "member_id": member["id"]}
    assert api("POST", "/loans", body)[0] == 201


def test_last_copy_is_lent_once(api, book, member, loan):
    body = {"book_id": book["id"], "member_id": member["id"]}
    assert api("POST", "/loans", body)[0] == 409


def test_loans_of_a_member(api, member, loan):
    _, answer = api("GET", f"/members/{member['id']}/loans")
    assert [found["id"] for found in answer["loans"]] == [loan["id"]]


def test_take_back(api, member, loan):
    assert api("DELETE", f"/loans/{loan['id']}")[0] == 204
