# The Action's image. Also a scanner that needs no network:
#   docker run --rm -v "$PWD:/work" IMAGE scan .
# Any Debian with Python 3.11 or newer can be the base; why this one, and why in these layers, is told
# in docs/decisions/0010-image.md.
ARG BASE=python:3.13-slim-trixie@sha256:9662417aace5ae7b8e2609cce472b72a8958e134ba372808abe9cc1a0c0125e6

# What is needed to install, but not to run, stays in this stage.
FROM ${BASE} AS build
RUN apt-get update -q && \
    DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends npm
WORKDIR /opt/constraint-gate
COPY src/ci_gate/contract/runners/npm newman
RUN npm ci --prefix newman --omit=dev --ignore-scripts --no-audit --no-fund --silent
COPY requirements/openapi.txt requirements/
# --without-pip: the installer is no part of what runs.
RUN python3 -m venv /tmp/installer && python3 -m venv --without-pip venv && \
    /tmp/installer/bin/pip --python venv/bin/python install --quiet --disable-pip-version-check \
      --no-cache-dir --no-compile --require-hashes -r requirements/openapi.txt && \
    echo /opt/constraint-gate/gate >"$(echo venv/lib/python3.*/site-packages)/gate.pth"

FROM ${BASE}
RUN apt-get update -q && \
    DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends git nodejs && \
    rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/*
COPY --from=build /opt/constraint-gate/newman /opt/constraint-gate/newman
COPY --from=build /opt/constraint-gate/venv /opt/constraint-gate/venv
COPY LICENSE entrypoint.py /opt/constraint-gate/
COPY rulesets /opt/constraint-gate/gate/ci_gate/rulesets
COPY src/ci_gate /opt/constraint-gate/gate/ci_gate
# Byte code of what a run imports: a second of each run for 15 MB.
RUN cd /opt/constraint-gate && mkdir bin && ln -s ../entrypoint.py bin/ci-gate && \
    ln -s ../newman/node_modules/.bin/newman bin/newman && \
    PYTHONPYCACHEPREFIX=$PWD/bytecode venv/bin/python -P -c "import importlib, pkgutil, ci_gate; \
      own = [m.name for m in pkgutil.walk_packages(ci_gate.__path__, 'ci_gate.')]; \
      own = [name for name in own if not name.endswith(('.__main__', '.pytest_plugin', '.launcher'))]; \
      [importlib.import_module(name) for name in [*own, 'docker', 'github', 'jinja2', 'jsonschema', \
        'packaging.requirements', 'pathspec', 'rich.console', 'rich.markup', 'sqlglot.dialects', 'yaml', \
        'tree_sitter_python', 'tree_sitter_javascript', 'tree_sitter_typescript']]"
ENV PATH=/opt/constraint-gate/bin:$PATH
WORKDIR /work
ENTRYPOINT ["/opt/constraint-gate/entrypoint.py"]
CMD ["action"]
