import pytest

from ci_gate.codemodel.routing import paths


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("/users/:id", "/users/{id}"),
        ("/users/:id(\\d+)", "/users/{id}"),
        ("/users/:id?", "/users/{id}"),
        ("/users/:id{[0-9]{2}}/x", "/users/{id}/x"),
        ("/x{/:id}", "/x/{id}"),
        ("/files/*", "/files/{wildcard}"),
        ("/files/*rest", "/files/{rest}"),
        ("/:from-:to", "/{from}-{to}"),
        ("/:file(^\\d+).png", "/{file}.png"),
        ("/(.*)", "/{wildcard}"),
    ],
)
def test_colon_templates(written, expected):
    assert paths.colon(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("/x/<id>", "/x/{id}"),
        ("/x/<int:id>", "/x/{id}"),
        ("/x/<regex('[a-z]{2}'):code>", "/x/{code}"),
        ("/x/<int(min=1):page>/<path:rest>", "/x/{page}/{rest}"),
    ],
)
def test_angle_templates(written, expected):
    assert paths.angle(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("/x/{id}", "/x/{id}"),
        ("/x/{id:int}/y", "/x/{id}/y"),
        ("/x/{code:[a-z]{2,3}}", "/x/{code}"),
    ],
)
def test_brace_templates(written, expected):
    assert paths.braces(written) == expected


@pytest.mark.parametrize(
    ("written", "expected", "complete"),
    [
        (r"^articles/(?P<slug>[-\w]+)/$", "/articles/{slug}/", True),
        (r"^tags/?$", "/tags", True),
        (r"^a/(?P<y>[0-9]{4})/(?P<m>(0|1)[0-9])\.json$", "/a/{y}/{m}.json", True),
        (r"^x/(\d+)/$", "/x/{arg}/", True),
        (r"^x/[a-z]+/$", "/x/{?}/", False),
        (r"^x/(?:a|b)/$", "/x/{?}/", False),
    ],
)
def test_regular_expressions(written, expected, complete):
    assert paths.finished(paths.regex(written)) == (expected, complete)


def test_joining():
    assert paths.joined("/api/", "/") == "/api"
    assert paths.joined("", "/x") == "/x"
    assert paths.joined("/", "stars.list") == "/stars.list"
    assert paths.slashed("/api", "/") == "/api/"
    assert paths.slashed("/api", "") == "/api"


@pytest.mark.parametrize("broken", ["(((", "/:a(", "/{", "}}", "(?P<", "[", "\\", "/:id{", "<int:"])
def test_broken_templates_do_not_raise(broken):
    for read in (paths.colon, paths.angle, paths.braces, paths.regex):
        assert isinstance(paths.finished(read(broken))[0], str)
