import httpx


def test_index():
    assert httpx.get("http://localhost:5000/").text == "hello"
