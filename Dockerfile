# The Action's image, which also scans offline: docker run --rm -v "$PWD:/work" IMAGE scan .
ARG BASE=python:3.12-slim-bookworm
FROM ${BASE}
RUN command -v git >/dev/null || \
    (apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*)
WORKDIR /opt/constraint-gate
# Dependencies change rarely: a layer of their own.
COPY requirements/run.txt requirements/
RUN python3 -m venv venv && venv/bin/pip install --no-cache-dir --require-hashes -r requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY rulesets rulesets
COPY src src
RUN venv/bin/pip install --no-cache-dir --no-deps .
ENV PATH=/opt/constraint-gate/venv/bin:$PATH
COPY entrypoint.sh /entrypoint.sh
WORKDIR /work
ENTRYPOINT ["/entrypoint.sh"]
