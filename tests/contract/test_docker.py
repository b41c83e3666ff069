"""The service in a real Docker Engine: how it is made, reached and removed."""

from __future__ import annotations

import json
from pathlib import Path

import docker
import pytest

from ci_gate.config_contract import ContractConfig, RunnerConfig
from ci_gate.contract.run import run_contract
from ci_gate.contract.service import docker_network
from ci_gate.contract.service.docker import DockerService
from ci_gate.contract.service.docker_network import PUBLISHED
from ci_gate.contract.service.images import KeptImages
from ci_gate.contract.service.interface import ServiceError
from ci_gate.contract.service.plan import Plan
from support.engine import IMAGE, SERVER, config, get, running, things, write
from support.trees import MemoryTree

pytestmark = pytest.mark.docker
SERVICE = SERVER + "print('up', flush=True)\nserve()\n"
DOCKERFILE = f"""
FROM {IMAGE}
LABEL MARK
ARG GREETING=none
RUN useradd --create-home runner
WORKDIR /srv
COPY service.py .
RUN echo "$GREETING" > greeting && chown runner .
USER runner
EXPOSE 9000/tcp 9090/udp
ENV PORT=9000
CMD ["python3", "service.py"]
"""


def test_contract_tests_run_against_the_service(engine: docker.DockerClient) -> None:
    tests = "import urllib.request\ndef test_up(base_url): urllib.request.urlopen(base_url)\n"
    tree = MemoryTree({"service.py": SERVICE, "checks/test_api.py": tests})
    result = run_contract(tree, ContractConfig((RunnerConfig("pytest", "checks"),), config()))
    assert result.error is None
    assert [(a.endpoint, a.passed) for a in result.assertions] == [("GET /", True)]
    assert result.log.startswith("up\n")
    assert result.notes == []


def test_a_dockerfile_is_built_and_run_as_it_says(
    engine: docker.DockerClient, tmp_path: Path, mark: str
) -> None:
    service = SERVER + "answer = lambda path: [os.getuid(), open('greeting').read()]\nserve()\n"
    dockerfile = DOCKERFILE.replace("MARK", mark)
    root = write(tmp_path, {"Dockerfile": dockerfile, "service.py": service})
    chosen = config(image=None, limits={"build_args": {"GREETING": "hello"}})
    with running(root, chosen) as running_service:
        assert running_service.base_url.endswith(":9000")
        assert get(running_service) == "[1000, 'hello\\n']"
        assert len(things(engine, mark)) > 1
    assert things(engine, mark) == []


def test_set_up_commands_run_with_the_tree_before_the_start(
    engine: docker.DockerClient, tmp_path: Path
) -> None:
    service = SERVER + "answer = lambda path: open('made').read()\nserve()\n"
    root = write(tmp_path, {"api/service.py": service, "shared.txt": "shared"})
    setup = (("cp", "../shared.txt", "made"), ("sh", "-c", "echo $EXTRA {port} >> made"))
    chosen = config(cwd="api", setup=setup, env={"EXTRA": "more"}, limits={"port": 8123})
    with running(root, chosen) as service_:
        assert service_.base_url.endswith(":8123")
        assert get(service_) == "sharedmore {port}\n"


def test_what_carries_a_command_keeps_the_entrypoint(
    engine: docker.DockerClient, tmp_path: Path
) -> None:
    dockerfile = DOCKERFILE.replace("MARK", "entry=yes") + 'ENTRYPOINT ["env", "WRAPPED=yes"]\n'
    service = SERVER + "answer = lambda path: (os.environ['WRAPPED'], sys.argv[1])\nserve()\n"
    root = write(tmp_path, {"Dockerfile": dockerfile, "service.py": service})
    with running(root, config("python3", "service.py", "{port}", image=None)) as service_:
        assert get(service_) == "('yes', '9000')"


def test_where_addresses_are_out_of_reach_the_port_is_published(
    engine: docker.DockerClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docker_network, "addresses_are_reachable", lambda _: False)
    with running(write(tmp_path, {"service.py": SERVICE}), config()) as service:
        assert service.base_url.startswith("http://127.0.0.1:")
        assert get(service) == "ok"
    assert service.notes == [PUBLISHED]


class Builds:
    """Counts the images with the mark that are named from now on. The engine keeps the last few
    events only, so they are listened to from the beginning."""

    def __init__(self, client: docker.DockerClient, mark: str) -> None:
        self._client = client
        self._key, _, self._value = mark.partition("=")
        self._events = client.events(decode=True, filters={"type": "image", "event": "tag"})

    def count(self) -> int:
        """How many there were; to be asked once."""
        end = f"ci-gate-test-end:{self._value}"
        self._client.images.get(IMAGE).tag(*end.split(":"))
        found = 0
        try:
            for event in self._events:
                attributes = event["Actor"]["Attributes"]
                if attributes.get("name") == end:
                    break
                found += attributes.get(self._key) == self._value
        finally:
            self._events.close()
            self._client.images.remove(end)
        return found


def test_the_rerun_uses_the_image_again_and_starts_afresh(
    engine: docker.DockerClient, mark: str
) -> None:
    named = Builds(engine, mark)
    service = SERVER + (
        "def answer(path):\n"
        "    seen = os.path.exists('seen')\n"
        "    if path == '/': open('seen', 'w').close()\n"
        "    return seen\n"
        "serve()\n"
    )
    tests = (
        "import urllib.request\n"
        "def test_up(base_url): assert urllib.request.urlopen(base_url).read() == b'True'\n"
    )
    files = {"service.py": service, "checks/test_api.py": tests}
    files["Dockerfile"] = (
        f"FROM {IMAGE}\nLABEL {mark}\nWORKDIR /srv\nCOPY service.py .\nENV PORT=9000\n"
    )
    chosen = config(image=None, limits={"port": 9000}, health="/health")
    result = run_contract(
        MemoryTree(files), ContractConfig((RunnerConfig("pytest", "checks"),), chosen)
    )
    assert result.error is None
    assert [(a.passed, a.flaky) for a in result.assertions] == [(False, False)]
    assert named.count() == 1
    assert things(engine, mark) == []


def test_another_tree_or_other_settings_are_another_image(
    engine: docker.DockerClient, tmp_path: Path, mark: str
) -> None:
    named = Builds(engine, mark)
    service = SERVER + "answer = lambda path: open('greeting').read()\nserve()\n"
    dockerfile = DOCKERFILE.replace("MARK", mark)
    one = write(tmp_path / "one", {"Dockerfile": dockerfile, "service.py": service})
    same = write(tmp_path / "same", {"Dockerfile": dockerfile, "service.py": service})
    other = write(tmp_path / "other", {"Dockerfile": dockerfile, "service.py": service + "#"})
    plain = Plan(config(image=None))
    greeting = Plan(config(image=None, limits={"build_args": {"GREETING": "hello"}}))
    with KeptImages() as images:
        answers = []
        for root, plan in ((one, plain), (same, plain), (other, plain), (same, greeting)):
            with DockerService(root, plan, images) as running_service:
                answers.append(get(running_service))
        assert answers == ["none\n", "none\n", "none\n", "hello\n"]
        assert named.count() == 3
        assert things(engine, mark) != []
    assert things(engine, mark) == []


def test_runs_beside_each_other_do_not_meet(engine: docker.DockerClient, tmp_path: Path) -> None:
    root = write(tmp_path, {"service.py": SERVICE})
    with running(root, config()) as first:
        with running(root, config()) as second:
            assert first.base_url != second.base_url
            assert get(second) == "ok"
        assert get(first) == "ok"


@pytest.mark.parametrize(
    ("files", "options", "words"),
    [
        ({}, {"image": None}, "there is no Dockerfile for the service"),
        ({}, {"image": "no.such/image:1"}, "the image no.such/image:1 is not there and cannot"),
        ({}, {"image": None, "limits": {"dockerfile": "../Dockerfile"}}, "is not in the tree"),
        (
            {"Dockerfile": f"FROM {IMAGE}\nRUN echo no compiler; exit 3\n"},
            {"image": None},
            "building Dockerfile failed: The command '/bin/sh -c echo no compiler; exit 3' returned"
            " a non-zero code: 3; the end of the build: ",
        ),
        (
            {"Dockerfile": f"FROM {IMAGE}\nRUN --mount=type=cache,target=/x true\n"},
            {"image": None},
            "Dockerfile needs BuildKit",
        ),
        (
            {"Dockerfile": "FROM scratch\nCOPY no .\n"},
            {"image": None},
            "building Dockerfile failed",
        ),
        ({"Dockerfile": "HELLO\n"}, {"image": None}, "building Dockerfile failed"),
        ({}, {"setup": (("sh", "-c", "echo no disk; exit 3"),)}, "ended with 3: no disk"),
        ({}, {"setup": (("no-such-program",),)}, "set-up command 'no-such-program' ended with"),
    ],
)
def test_what_cannot_be_made_is_one_clear_line(
    engine: docker.DockerClient,
    tmp_path: Path,
    mark: str,
    files: dict[str, str],
    options: dict[str, object],
    words: str,
) -> None:
    marked = {name: text.replace("\n", f"\nLABEL {mark}\n", 1) for name, text in files.items()}
    root = write(tmp_path, {"service.py": SERVICE, **marked})
    with (
        pytest.raises(ServiceError) as error,
        running(root, config(**options)),  # type: ignore[arg-type]
    ):
        pass
    assert words in str(error.value)
    assert "\n" not in str(error.value)
    assert things(engine, mark) == []


def test_a_set_up_command_that_does_not_end_is_ended(
    engine: docker.DockerClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ci_gate.contract.service.docker_image._SETUP_TIMEOUT", 1.0)
    root = write(tmp_path, {"service.py": SERVICE})
    with (
        pytest.raises(ServiceError, match=r"set-up command 'sleep 1000' took more than 1 s"),
        running(root, config(setup=(("sleep", "1000"),))),
    ):
        pass


def test_a_build_that_does_not_end_is_ended(
    engine: docker.DockerClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ci_gate.contract.service.docker_image._BUILD_TIMEOUT", 3.0)
    root = write(tmp_path, {"Dockerfile": f"FROM {IMAGE}\nRUN sleep 1000\n"})
    with (
        pytest.raises(ServiceError, match=r"building Dockerfile failed: it took more than 3 s"),
        running(root, config(image=None)),
    ):
        pass


def test_a_health_path_that_is_not_there_is_not_healthy(
    engine: docker.DockerClient, tmp_path: Path
) -> None:
    service = SERVER.replace("self.send_response(200)", "self.send_response(404)") + "serve()\n"
    root = write(tmp_path, {"service.py": service})
    with (
        pytest.raises(ServiceError, match=r"answers GET /helth with 404; set contract\.service\."),
        running(root, config(health="/helth", start_timeout=3.0)),
    ):
        pass


def test_without_an_engine_the_remedy_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/docker.sock")
    with (
        pytest.raises(ServiceError, match=r"no Docker Engine answers .*; start Docker"),
        running(tmp_path, config()),
    ):
        pass


def test_the_container_is_limited_and_has_no_privileges(
    engine: docker.DockerClient, tmp_path: Path
) -> None:
    root = write(tmp_path, {"service.py": SERVICE})
    with running(root, config(limits={"memory": "200m", "cpus": 0.5, "pids": 50})) as service:
        container = engine.containers.list(filters={"label": f"ci-gate.run={service.run}"})[0]
        host = container.attrs["HostConfig"]
        assert host["CapDrop"] == ["ALL"]
        assert not host["CapAdd"]
        assert host["SecurityOpt"] == ["no-new-privileges:true"]
        assert (host["Memory"], host["MemorySwap"]) == (200 << 20, 200 << 20)
        assert (host["NanoCpus"], host["PidsLimit"]) == (500_000_000, 50)
        assert not host["Binds"] and not container.attrs["Mounts"]
        network = engine.networks.get(host["NetworkMode"])
        assert network.attrs["Internal"]
        assert json.dumps(container.labels).count("ci-gate.") >= 2
